"""The page Timeline: the lanes of a run, and the table of its tasks below them."""
