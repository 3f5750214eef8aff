"""All that goes wrong and is told to people. The message of each is a sentence for them. Runs on Python 3.9.

    ThawError
        BadInput              what a person asked for cannot be done; the sentence says what to do instead
            TextFileProblem   a file cannot be read as a text, or a text cannot be written
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
        PageProblem           a page of a web site cannot be had
        LockedTooLong         others kept a database locked
        RunFileError          a file of a run cannot be written or read
        EditorProblem         a line cannot be opened in the person's editor
        CannotPlay            a function cannot be stepped
        NotHere               a person's own function cannot run in this place
        NoFork                it starts a process by fork in Thaw's own
        Ended                 it raised what a generator means its end by
        CannotTravel          its result cannot be sent to another process
        Deadlock              tasks wait for each other, and none of them can ever go on
        WaitEnded             a person has ended a wait

Each class stands where it is raised; BadInput is here, for everybody raises it. `main` tells what reaches it and leaves
with exit code 2.
"""

from __future__ import annotations

import errno
import os
import sys


class ThawError(Exception):
    """Something that is told to people; the message is a sentence for them."""


class BadInput(ThawError, ValueError):
    """Something that a person asked for cannot be done; the message is a sentence that says what to do."""


_FEWER = "use fewer workers, or close other programs."
NO_FILES = "The system gives this program no more open files{}: use fewer workers, or raise that limit."
NO_THREADS = f"The system gives no more threads: {_FEWER}"
_LIMITS = {
    errno.EMFILE: NO_FILES,
    errno.ENFILE: f"The system has no more open files to give: {_FEWER}",
    errno.ENOMEM: f"The system gives no more memory: {_FEWER}",
    errno.ENOBUFS: f"The system gives no more memory for connections: {_FEWER}",
    errno.EAGAIN: f"The system gives no more processes (ulimit -u): {_FEWER}",
}
_WINSOCK = 10_000
"""From here on they are those of Windows' sockets, which the C library does not know."""

_STATUS = 0xC0000000
"""Exit codes from here on are those of Windows' fatal exceptions."""

_FATAL = {
    0xC0000005: "an access violation",
    0xC00000FD: "a stack overflow",
    0xC000013A: "Ctrl+C",
    0xC0000409: "an abort",
}
_FULL = {
    errno.ENOSPC: "the disk is full: make room there, or choose another disk",
    getattr(
        errno, "EDQUOT", -1
    ): "what you may use of the disk (your quota) is used up: make room there, or choose another",
    errno.EFBIG: "files may not be that large here (ulimit -f, or the disk's own limit): choose another disk",
}


def max_files() -> int:
    """How many files this process may have open at once; 0 where the system does not say."""
    try:
        import resource
    except ImportError:  # Windows
        return 0
    return int(resource.getrlimit(resource.RLIMIT_NOFILE)[0])


def limit_of(error: BaseException) -> str:
    """The limit of the system that an error is, as a sentence for people; empty where it is something else.

    These are limits that others may let go of in a moment. For a full disk see `no_room`.
    """
    if isinstance(error, MemoryError):
        return _LIMITS[errno.ENOMEM]
    if isinstance(error, RuntimeError):  # Python has no class for it
        return NO_THREADS if str(error).startswith(("can't start new thread", "unable to start")) else ""
    most = max_files()
    words = _LIMITS.get(error.errno or 0, "") if isinstance(error, OSError) else ""
    return words.format(f" (ulimit -n is {most:,})" if most else "")


def meaning(number: int) -> str:
    """What the system calls an error of this number: "Connection refused". Windows has its own for connections."""
    if sys.platform == "win32" and number >= _WINSOCK:
        import ctypes

        return ctypes.FormatError(number).rstrip(" .")
    return os.strerror(number)


def fatal(code: int) -> str:
    """What has ended a process on Windows, by its exit code: "a stack overflow (0xC00000FD)"; empty for its own end."""
    return f"{_FATAL.get(code, 'an exception')} ({code:#010X})".replace("0X", "0x") if code >= _STATUS else ""


def no_room(error: OSError) -> str:
    """Why nothing more can be written, and what to do, as the end of a sentence; empty where that is not the reason."""
    return _FULL.get(error.errno or 0, "")
