"""Settings, assembly and the command line. Imported by nothing."""
