"""The kinds of work, one file each; `workers.catalog.entry` finds them by themselves."""
