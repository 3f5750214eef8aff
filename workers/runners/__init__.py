"""The places where tasks can run, one file each; `workers.discover` finds them by themselves."""
