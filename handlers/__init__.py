"""The conversation: one file per thing a person wants to do. Nothing but ``bot`` imports it."""
