"""The room Labs: what goes wrong between threads, wrong and right version side by side, each with what it came to."""
