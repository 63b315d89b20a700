"""The office looks at what was answered: verdicts, questions, experts, visits."""
