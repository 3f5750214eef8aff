"""What becomes of the bytes: queue, names, part files, resuming."""
