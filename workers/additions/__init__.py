"""A person's own runners, workloads, labs and lessons: where they lie, and what is told of those that are no good."""
