"""What an order has left of what threads share: portraits to compare, and the locks under which it was changed."""
