"""The inside of the image server's process: the standard library and `workers.weather` only."""
