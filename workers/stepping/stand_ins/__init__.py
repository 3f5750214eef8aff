"""What a person's file finds in a stepped run in place of what blocks, tells the time, or starts threads."""
