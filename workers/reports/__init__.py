"""What a finished run says: verdict, differences, budget, JSON, the run file."""
