"""What can be called, and with what: found in source, or asked of Python; values as Python writes them."""
