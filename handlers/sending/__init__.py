"""What goes out to many and what comes back: pushes, notices, reports, reminders' buttons."""
