"""The window: its panels, menus and pages, and what it says of runs."""
