"""Scorecards as words, pictures, tables and packs."""
