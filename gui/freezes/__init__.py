"""What is told of freezes, wherever it is told: a card for each."""
