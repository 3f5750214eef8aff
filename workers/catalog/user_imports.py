"""What a person's file imports, read from its source: which packages it needs, and whether a name clashes with ours.

Nothing is imported. For any thread. Of the files that it imports in turn only the lines are looked at that begin with
`import` or `from`: so a project of a thousand files takes a moment, and a window looks at it in steps.
"""

from __future__ import annotations

import ast
import os
import re
from collections import deque
from typing import TYPE_CHECKING, NamedTuple

from ..monitors import syntax
from .user_projects import STANDARD, shadowing

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from .user_projects import Source

FORGIVING = {"ImportError", "ModuleNotFoundError", "Exception", "BaseException"}
MAX_FILES = 4_000
"""So many files of a project are looked at."""

_IMPORT = re.compile(
    r"^([ \t]*)(?:from[ \t]+(\.*)[ \t]*([\w.]*)[ \t]+import[ \t]+(\([^)]*\)|[^\n#;]*)|import[ \t]+([\w., \t]+))",
    re.MULTILINE,
)
_NAME = re.compile(r"(?:^|,)[\s(]*([\w.]+)")


class Import(NamedTuple):
    """Something that is imported.

    Attributes:
        at_once: whether that is so whenever its file is imported.
        level: how many dots it begins with.
        module: the module, and with `from` what it is taken from.
        names: what is taken from it.
    """

    at_once: bool
    level: int
    module: str
    names: tuple[str, ...] = ()


class Found(NamedTuple):
    """What a function's file imports, and the files of its project in turn.

    Attributes:
        packages: those without which it cannot be imported; those of Python's library and of the project do not count.
        clash: the first module of the project whose name has another owner in Thaw's own process; mostly empty.
        is_whole: whether all files were looked at.
    """

    packages: tuple[str, ...]
    clash: str
    is_whole: bool


class Scan:
    """What is seen of a project at one moment: each file is looked at once, whoever asks.

    What is imported in a `try` that forgives it, for type checkers only, or inside of other functions needs no package;
    it may clash all the same.
    """

    def __init__(self) -> None:
        self._folders: dict[str, frozenset[str]] = {}
        self._lines: dict[str, tuple[Import, ...]] = {}
        self._walks: dict[Source, tuple[_Walk, _Walk]] = {}

    @classmethod
    def whole(cls, source: Source, tree: ast.Module) -> Scan:
        """One that has looked at all files of a function's project."""
        made = cls()
        deque(made.steps(source, tree), 0)
        return made

    def steps(self, source: Source, tree: ast.Module) -> Iterator[None]:
        """Look at all files, one at each step."""
        for walk in self._of(source, tree) if source.roots else ():
            yield from walk.steps()

    def look(self, source: Source, tree: ast.Module, function: ast.AST) -> Found:
        """What a function needs, as far as was seen.

        Args:
            source: where it comes from.
            tree: the source of its file.
            function: its own.
        """
        if not source.roots:  # what an installed package needs is its own affair
            package = source.module.partition(".")[0]
            return Found(() if package in STANDARD else (package,), "", is_whole=True)
        needs, clashes = self._of(source, tree)
        body = getattr(function, "body", None)
        own = _Walk(self, source, _imported(body if isinstance(body, list) else [], inside=True), needs)
        deque(own.steps(), 0)
        packages = dict.fromkeys([*own.packages, *needs.packages])
        return Found(tuple(packages), clashes.clash, needs.is_over and clashes.is_over)

    def _of(self, source: Source, tree: ast.Module) -> tuple[_Walk, _Walk]:
        if source not in self._walks:
            taken = shadowing(source.roots)
            itself = "" if source.is_lone else source.module.partition(".")[0]
            everything = self.lines(str(source.path)) if taken and itself not in taken else ()
            needs, clashes = (
                _Walk(self, source, _imported(tree.body)),
                _Walk(self, source, everything, taken=taken),
            )
            clashes.clash = itself if itself in taken else ""
            self._walks[source] = needs, clashes
        return self._walks[source]

    # ---------------------------------------------------------------- for its walks

    def lines(self, path: str) -> tuple[Import, ...]:
        """What a file imports, by its lines."""
        if path not in self._lines:
            self._lines[path] = tuple(_read(path))
        return self._lines[path]

    def find(self, name: str, roots: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
        """A module's file and the folders of a package, of which there are several where it has no file.

        Both are empty where the project has no such module.
        """
        spaces: list[str] = []
        folders = roots
        for part in name.split("."):
            spaces, file = [], ""
            for folder in folders:
                there = self._names(folder)
                inner = os.path.join(folder, part)
                if part in there and "__init__.py" in self._names(inner):
                    spaces, file = [inner], os.path.join(inner, "__init__.py")
                    break
                if f"{part}.py" in there:
                    spaces, file = [], f"{inner}.py"
                    break
                if part in there and os.path.isdir(inner):
                    spaces.append(inner)
            folders = tuple(spaces)
            if not file and not spaces:
                return "", ()
        return file, folders

    def _names(self, folder: str) -> frozenset[str]:
        if folder not in self._folders:
            try:
                self._folders[folder] = frozenset(os.listdir(folder))
            except OSError:
                self._folders[folder] = frozenset()
        return self._folders[folder]


class _Walk:
    """Goes from one file to all that it imports.

    Attributes:
        packages: the names of what is no part of the project, where that is imported at once.
        clash: the first name of the project that is taken.
    """

    def __init__(
        self,
        scan: Scan,
        source: Source,
        first: Iterable[Import],
        before: _Walk | None = None,
        taken: frozenset[str] = frozenset(),
    ) -> None:
        """Make it.

        Args:
            scan: what was seen so far.
            source: where the first file belongs.
            first: what that imports.
            before: one that has looked at some files already.
            taken: the names that clash; where there are any, all lines count, and else those that run at once.
        """
        self._scan, self._roots, self._taken = scan, source.roots, taken
        self._seen: set[str] = {str(source.path)} if before is None else before._seen
        package = source.module if source.path.name == "__init__.py" else source.module.rpartition(".")[0]
        self._todo = deque((one, package, "") for one in first)
        self.packages: dict[str, None] = {}
        self.clash = ""

    @property
    def is_over(self) -> bool:
        """Whether there is nothing more to look at."""
        return not self._todo or bool(self.clash)

    def steps(self) -> Iterator[None]:
        while not self.is_over:
            one, package, path = self._todo.popleft()
            for name in _modules(one, package):
                file, folders = self._scan.find(name, self._roots)
                top = name.partition(".")[0]
                if top in self._taken:
                    self.clash = top
                if not file and not folders:
                    is_package = "." not in name and name not in STANDARD and name != "__main__"
                    if is_package and self._is_sure(name, path):
                        self.packages.setdefault(name)
                    break
                if file and file not in self._seen and len(self._seen) < MAX_FILES:
                    self._seen.add(file)
                    inner = name if folders else name.rpartition(".")[0]
                    lines = self._scan.lines(file)
                    self._todo += [(line, inner, file) for line in lines if line.at_once or self._taken]
                    yield

    def _is_sure(self, name: str, path: str) -> bool:
        """Whether a file really imports a package at once: a line of it may stand in a text, or be forgiven."""
        return not path or name in self.packages or name in _at_once(path)


def _modules(one: Import, package: str) -> Iterator[str]:
    """The modules that are imported, from the outermost package on; what is taken from the last may be one or not."""
    outer = package.split(".") if one.level else []
    parts = (
        [*outer[: len(outer) - one.level + 1], *one.module.split(".")] if one.level else one.module.split(".")
    )
    parts = [part for part in parts if part]
    for end in range(1, len(parts) + 1):
        yield ".".join(parts[:end])
    for name in one.names:
        yield ".".join([*parts, name])


def _read(path: str) -> Iterator[Import]:
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            text = file.read()
    except OSError:
        return  # the run itself will tell
    for indent, dots, module, names, modules in _IMPORT.findall(text):
        if modules:
            yield from (Import(not indent, 0, name) for name in _NAME.findall(modules))
        else:
            yield Import(not indent, len(dots), module, tuple(_NAME.findall(names)))


def _at_once(path: str) -> set[str]:
    """The top-level names of what a file imports whenever it is imported itself, by its syntax tree."""
    try:
        with open(path, "rb") as file:
            return {
                one.module.partition(".")[0]
                for one in _imported(syntax.parse(file.read()).body)
                if not one.level
            }
    except (OSError, SyntaxError, ValueError):
        return set()


def _imported(body: list[ast.stmt], inside: bool = False) -> Iterator[Import]:
    """What is imported when these statements run.

    Args:
        body: statements.
        inside: whether they are a function's own: then they may nest deeper.
    """
    for node in body:
        if isinstance(node, ast.Import):
            yield from (Import(True, 0, one.name) for one in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield Import(True, node.level, node.module or "", tuple(one.name for one in node.names))
        elif isinstance(node, ast.If):
            test = ast.unparse(node.test)
            if "TYPE_CHECKING" not in test and "__main__" not in test:
                # One of the two will do: which one that is only the run can tell.
                yield from () if node.orelse else _imported(node.body, inside)
        elif isinstance(node, ast.Try):
            if not any(_forgives(handler) for handler in node.handlers):
                yield from _imported(node.body, inside)
            yield from _imported(node.finalbody, inside)
        elif isinstance(node, (ast.With, ast.ClassDef)) or (inside and isinstance(node, (ast.For, ast.While))):
            yield from _imported(node.body, inside)


def _forgives(handler: ast.ExceptHandler) -> bool:
    if handler.type is None:
        return True
    caught = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return any(ast.unparse(one).rpartition(".")[2] in FORGIVING for one in caught)
