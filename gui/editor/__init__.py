"""An editor for a program of a person's own: its text, its colours, its errors, and its file."""
