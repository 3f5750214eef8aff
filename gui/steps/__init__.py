"""The room Steps: threads go on line by line, in an order that a person chooses, or that goes wrong."""
