"""What the program is to the system: preflight, leaving, problems, preferences, dialogs for files."""
