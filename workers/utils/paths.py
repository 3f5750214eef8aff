"""What a person's name of a file or a folder means. Runs on Python 3.9."""

from __future__ import annotations

import os


def whole(name: str) -> str:
    """The whole path of what a person named, who may well go to another folder meanwhile.

    A name is what it is: one may begin with ~ or have a blank at an end. Only where there is no such file or folder, ~
    is the person's own folder, and blanks around the name came with it from somewhere.
    """
    for one in (name, os.path.expanduser(name), os.path.expanduser(name.strip())):
        if os.path.lexists(one):
            return os.path.abspath(one)
    new = os.path.expanduser(name.lstrip())
    return os.path.abspath(new if os.path.isabs(new) else name)
