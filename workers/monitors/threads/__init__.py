"""What single threads do: the one that is watched, and all others."""
