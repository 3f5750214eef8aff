"""Runs as files: written, and read with no trust in what they hold."""
