"""The page Downloads."""
