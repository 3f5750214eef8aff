"""What there is to run, read from source and never imported."""
