"""Knows nothing of Thaw: numbers as text, atomic files, file locks, thumbnails, child processes."""
