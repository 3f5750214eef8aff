"""The frame that holds the pages."""
