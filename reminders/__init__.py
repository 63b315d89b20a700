"""What is due, for whom, when, and who has been told."""
