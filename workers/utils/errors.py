"""All that goes wrong and is told to people. The message of each is a sentence for them. Runs on Python 3.9.

    ThawError
        BadInput              what a person asked for cannot be done; the sentence says what to do instead
        StillRunning          a run cannot begin, for the one before it has not ended
        DownloadError         a download failed
            Cancelled         it was cancelled
            TransientError    another try may do better
        QueueProblem          the list of downloads cannot be used
            QueueTaken        another program has it
        JobRefused            a job for the list of downloads cannot be done
        ServerError           the image server does not run
        NoPicture             the bytes are no whole picture
        FileProblem           a file of a folder cannot be used
        RunFileError          a file of a run cannot be written or read
        EditorProblem         a line cannot be opened in the person's editor
        CannotPlay            a function cannot be stepped
        NotHere               a person's own function cannot run in this place
        CannotTravel          its result cannot be sent to another process
        Deadlock              tasks wait for each other, and none of them can ever go on

Each class stands where it is raised; BadInput is here, for everybody raises it. `main` tells what reaches it and leaves
with exit code 2.
"""

from __future__ import annotations


class ThawError(Exception):
    """Something that is told to people; the message is a sentence for them."""


class BadInput(ThawError, ValueError):
    """Something that a person asked for cannot be done; the message is a sentence that says what to do."""
