"""The schema's history, one file a step, tested from an empty database."""
