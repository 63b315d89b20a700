"""What is assessed and what it is worth: rubrics as data, one pure scoring engine. No clock, network or database."""
