"""Forms and fields for what a run can be told, shared by the rooms that start runs."""
