"""The rubrics themselves, one YAML file each (see docs/rubric-format.md)."""
