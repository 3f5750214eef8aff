"""The page Your function."""
