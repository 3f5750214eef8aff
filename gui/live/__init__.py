"""The live graphs."""
