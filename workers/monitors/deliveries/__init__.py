"""How long an event loop was busy with one thing that it delivered: a slot, a timer, an event, a paint."""
