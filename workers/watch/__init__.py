"""Watches a program of a person's own: starts it, listens to the agent in it, and makes a run of what that tells."""
