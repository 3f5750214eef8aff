"""Our package on its way to machines that do not have Thaw: as a zip, and a call of it that needs nothing of ours.

In the zip the package has a name of its own content's, so that nothing on a shared cluster meets it: neither a package
`workers` of somebody else's, nor another version of Thaw.
"""

from __future__ import annotations

import functools
import hashlib
import io
import pickle
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..additions.files import folder
from ..utils.child import PACKAGE, PRIVATE
from .messages import PROTOCOL

if TYPE_CHECKING:
    from collections.abc import Callable

ROOMS = tuple(
    "additions catalog clusters downloads engine labs monitors pythons remote sync transport user_code utils "
    "workloads".split()
)
"""What workers import; the rest is the program's."""

ADDED = ("labs", "workloads")
"""Of these a person's own files go along."""

SINCE = (1980, 1, 1, 0, 0, 0)
"""The same content makes the same zip."""


class Package:
    """Our package, ready to be sent.

    Attributes:
        name: what it is called there, such as "_thaw_1a2b3c4d".
        content: the zip, as bytes.
    """

    def __init__(self) -> None:
        sources = _sources()
        digest = hashlib.sha256()
        for path, source in sources.items():
            digest.update(f"{path}\0{len(source)}\0".encode() + source)
        self.name = f"{PRIVATE}_{digest.hexdigest()[:8]}"
        made = io.BytesIO()
        with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
            for path, source in sources.items():
                archive.writestr(zipfile.ZipInfo(f"{self.name}/{path}", SINCE), source, zipfile.ZIP_DEFLATED)
        self.content = made.getvalue()

    def write(self, where: Path) -> Path:
        """Write the zip into a folder; returns its path. On a `sys.path` it makes the package known."""
        path = where / f"{self.name}.zip"
        path.write_bytes(self.content)
        return path

    def call(self, function: Callable[..., Any], *arguments: Any) -> dict[str, Any]:
        """What SHIPPED is to be called with there, to call a function of ours; plain data.

        Args:
            function: at the top of one of our modules.
            arguments: plain data.
        """
        module = f"{self.name}.{function.__module__.partition('.')[2]}"
        return {"module": module, "name": function.__name__, "data": pickle.dumps(arguments, PROTOCOL)}


@functools.cache
def package() -> Package:
    """The package as it is now; made once, in some 0.2 s."""
    return Package()


def _sources() -> dict[str, bytes]:
    """The files that workers need, by their paths in the package."""
    files = {
        path.relative_to(PACKAGE).as_posix(): path for room in ROOMS for path in (PACKAGE / room).rglob("*.py")
    }
    files["__init__.py"] = PACKAGE / "__init__.py"
    for kind in ADDED:
        for where in folder(kind):
            for path in Path(where).glob("*.py"):
                files.setdefault(f"{kind}/{path.name}", path)
    return {name: path.read_bytes() for name, path in sorted(files.items())}


SHIPPED = functools.partial(
    eval, "getattr(__import__('importlib').import_module(module), name)(*__import__('pickle').loads(data))"
)
"""Calls one of our functions, as `Package.call` says. It is pickled as what it is, a name of Python's own and a line of
source: so any Python can read it, also where nothing of ours is. A scheduler reads and writes what it hands on, and
would look for a function that belongs to no module in all modules that it has, which takes it 6 ms each time."""
