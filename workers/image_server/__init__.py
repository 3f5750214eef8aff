"""The inside of the image server's process: the standard library and `workers.image_server.conditions` only."""
