"""Inside of another program: finds its event loop, watches its thread with our monitors, and tells who listens."""
