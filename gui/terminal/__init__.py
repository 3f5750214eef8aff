"""The program on a terminal: without a window, and what it leaves there with one."""
