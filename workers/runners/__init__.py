"""The places where tasks can run, one file each; `workers.catalog.entry` finds them by themselves."""
