"""What the main thread's track is made of: its columns, and the stacks that name what nobody told."""
