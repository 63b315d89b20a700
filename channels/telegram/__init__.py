"""Telegram: aiogram receives, python-telegram-bot sends. ``channel.TelegramChannel`` is the adapter.

Import it only where Telegram is switched on: aiogram alone costs seconds.
"""
