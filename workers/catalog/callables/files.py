"""A person's file as a syntax tree, with a sentence where it is none. Nothing is imported or run. For any thread."""

from __future__ import annotations

import os
import tokenize
from functools import lru_cache
from typing import TYPE_CHECKING

from ...monitors import syntax
from ...utils.errors import BadInput

if TYPE_CHECKING:
    import ast
    from pathlib import Path

MAX_BYTES = 5_000_000
"""A larger file is data, and no program of a person's."""


def parse_file(path: Path) -> ast.Module:
    """The source of a file as a tree. Raises BadInput with a sentence where there is none."""
    try:
        if os.path.isdir(path):
            raise BadInput(f"{path} is a folder: name a file of Python in it.")
        if path.stat().st_size > MAX_BYTES:
            raise BadInput(f"{path} has more than {MAX_BYTES // 1_000_000} MB: that is no program.")
        with tokenize.open(path) as file:
            return syntax_tree(file.read(), path.name)
    except BadInput:
        raise
    except FileNotFoundError:
        raise BadInput(f"There is no file {path}: check the path, or the folder that you are in.") from None
    except OSError as error:
        raise BadInput(f"{path} cannot be read: {error.strerror or error}.") from None
    except SyntaxError as error:
        line = f", line {error.lineno}" if error.lineno else ""
        text = f": {error.text.strip()}" if error.text and error.text.strip() else ""
        raise BadInput(f"{path.name}{line} is no valid Python ({error.msg}){text}") from None
    except UnicodeDecodeError:
        raise BadInput(
            f"{path.name} is not UTF-8: save it as that, or name its encoding in its first line."
        ) from None
    except ValueError as error:
        raise BadInput(f"{path.name} is no file of Python ({error}).") from None


@lru_cache(maxsize=16)
def syntax_tree(source: str, name: str) -> ast.Module:
    """A program as a tree, which nobody may change: each function of a file asks for that of the same text.

    Raises:
        SyntaxError, ValueError: it is none.
    """
    try:
        return syntax.parse(source, name)
    except (RecursionError, MemoryError):
        raise BadInput(f"{name} is no file of Python: it is nested too deeply.") from None
