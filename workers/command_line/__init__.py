"""From argv to Options."""
