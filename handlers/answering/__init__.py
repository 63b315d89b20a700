"""A unit answers: the list, a question, what is kept of it, entries, submission."""
