"""Small pictures from bytes that nobody trusts: what is whole, what is half, what is none."""
