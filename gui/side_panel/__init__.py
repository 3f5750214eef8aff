"""The panel that chooses what runs where."""
