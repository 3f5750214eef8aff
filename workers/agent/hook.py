"""Tells when one of some modules has been imported, before who imports it can use it. It steps aside after that.

What it puts around a module's own loader is gone from `__spec__` before the module's first line.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from importlib.machinery import ModuleSpec
    from types import ModuleType

IMPORTLIB = "<frozen importlib._bootstrap>"
"""The file whose lines Python leaves out of the traceback of a failed import: ours are left out with them."""


class Hook:
    """Finds modules as the other finders do."""

    def __init__(self, names: Iterable[str], imported: Callable[[ModuleType], None]) -> None:
        """Make it.

        Args:
            names: of the modules.
            imported: is called with each of them, in the thread that imports it; it does not raise.
        """
        self._wanted, self._imported = set(names), imported

    def install(self) -> None:
        """Wait for them; those that have been imported before are told at once."""
        for name in [name for name in self._wanted if name in sys.modules]:
            self._wanted.discard(name)
            self._imported(sys.modules[name])
        sys.meta_path.insert(0, self)

    def remove(self) -> None:
        self._wanted.clear()
        if self in sys.meta_path:
            sys.meta_path.remove(self)

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> ModuleSpec | None:
        if name not in self._wanted:
            return None
        for finder in sys.meta_path:
            if finder is self or not hasattr(finder, "find_spec"):
                continue
            spec: ModuleSpec | None = finder.find_spec(name, path, target)
            if spec is not None:
                if spec.loader is not None and hasattr(spec.loader, "exec_module"):
                    spec.loader = _Loader(spec.loader, self)  # type: ignore[assignment]  # it does what one must
                return spec
        return None

    def _tell(self, module: ModuleType) -> None:
        self._wanted.discard(module.__name__)
        if not self._wanted:
            self.remove()
        self._imported(module)


class _Loader:
    def __init__(self, loader: Any, hook: Hook) -> None:
        self._loader, self._hook = loader, hook

    def __getattr__(self, name: str) -> Any:
        return getattr(self._loader, name)

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        made: ModuleType | None = self._loader.create_module(spec)
        return made

    def exec_module(self, module: ModuleType) -> None:
        if module.__spec__ is not None:
            module.__spec__.loader = self._loader
        module.__loader__ = self._loader
        self._loader.exec_module(module)
        self._hook._tell(module)


for _function in (Hook.find_spec, _Loader.create_module, _Loader.exec_module):
    _function.__code__ = _function.__code__.replace(co_filename=IMPORTLIB)
