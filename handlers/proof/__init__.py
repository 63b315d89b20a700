"""Files and named documents: where they go and what they prove."""
