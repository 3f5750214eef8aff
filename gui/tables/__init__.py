"""Tables: what all of them share, and those that a hundred thousand rows do not slow down."""
