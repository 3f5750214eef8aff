"""The witness: a small window in a process of its own that goes on while the main window is frozen."""
