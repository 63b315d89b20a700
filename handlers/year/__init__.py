"""The campaign's year: its dates, its last phases, what takes two people, another rubric."""
