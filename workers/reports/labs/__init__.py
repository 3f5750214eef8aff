"""What tasks that share something waited for, and what a lab says of its runs."""
