"""What a process has but one of, or what is not ours alone in there: its timer, numbers of files, interpreters."""
