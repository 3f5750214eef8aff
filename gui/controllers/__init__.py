"""QObjects without widgets: bridge, run, benchmark, run files, instruments."""
