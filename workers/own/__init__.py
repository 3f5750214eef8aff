"""What is known of a person's own function, and what runs it."""
