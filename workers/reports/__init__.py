"""What a finished run says: verdict, differences, advice, budget, JSON, lanes and curves."""
