"""The kinds of work, one file each; `workers.discover` finds them by themselves."""
