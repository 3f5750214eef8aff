"""The thread of an event loop, watched: its beats, where it is, what its loop delivered. Its monitors, unseen."""
