"""Values as Python writes them: numbers, texts, lists, dicts, None. Read, put into files, copied; none is evaluated.

For any thread. Runs on Python 3.9.
"""

from __future__ import annotations

import ast
import marshal
import re
from functools import partial
from typing import TYPE_CHECKING, Any

from ...monitors.syntax import parse_expression
from ...utils.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

WORDS = {
    "list": "a list, such as [1, 2]",
    "tuple": "a tuple, such as (1, 2)",
    "dict": "a dict, such as {'a': 1}",
    "set": "a set, such as {1, 2}",
    "bytes": "bytes, such as b'ab'",
    "complex": "a complex number, such as 1+2j",
    "int": "a whole number",
    "float": "a number",
    "bool": "True or False",
    "str": "a text",
    "NoneType": "None",
}
"""The types that a value can have -> what people call them."""

ALMOST = {"true": "True", "false": "False", "none": "None", "null": "None", "nan": "", "inf": "", "-inf": ""}
"""Who types one of these means no text, or not always -> how Python writes it, where it can."""


class Unread(str):
    """A text in a form that means no value yet.

    Attributes:
        why: the beginning of a sentence that says why.
    """

    why: str


_BEGINS = re.compile(r"[(\[{]|[bBfFrRuU]{0,2}['\"]")
_MARK = "literal"
"""The key of an object in JSON that holds what JSON has no words for, as Python writes it."""

_SIMPLE = (str, bytes, int, float, complex, type(None))


def read(name: str, text: str, wants: Sequence[str] = ()) -> Any:
    """The value that a text means; a text that is no literal is itself, where it does not look like half of one.

    Args:
        name: what it is for.
        text: as a person typed it.
        wants: the names of the types that will do; none where any will.

    Raises:
        BadInput: the beginning of a sentence that says what would be right.
    """
    stripped = text.strip()
    try:
        value = literal(stripped)
    except ValueError as error:
        if wants and "str" not in wants:
            raise BadInput(f"{name} is {_words(wants)}, not {_short(text)}") from None
        if not _looks_like_one(stripped):
            return text
        meant = ALMOST.get(stripped.lower())
        why = f"it writes {meant}" if meant else str(error).partition(";")[0]
        quoted = _short(repr(stripped))
        raise BadInput(f"{name} cannot be read: {why}. A text stands in quotes: {quoted}") from None
    kind = type(value).__name__
    if not wants or kind in wants or (kind == "int" and "float" in wants):
        return value
    if "str" in wants:
        return text
    raise BadInput(f"{name} is {_words(wants)}, not {_short(text)}")


def literal(text: str) -> Any:
    """The value of a literal. Raises ValueError, with a few words, where it is none, or none that can be kept."""
    try:
        value = ast.literal_eval(parse_expression(text))
        # Python reads 1e999 and ..., and has no literals for what these are.
        if re.search("inf|Ellipsis", said := repr(value)):
            ast.literal_eval(parse_expression(said))
    except SyntaxError as error:
        raise ValueError(error.msg) from None
    except (ValueError, TypeError) as error:
        is_none = str(error).startswith("malformed node")
        raise ValueError("it is to be computed" if is_none else str(error)) from None
    except (RecursionError, MemoryError):
        raise ValueError("it is nested too deeply") from None
    return value


def _looks_like_one(text: str) -> bool:
    """Whether a text that is no literal may have been meant as one."""
    if _BEGINS.match(text) or text.lower() in ALMOST or (text.isdecimal() and text[0] != "0"):
        return True
    try:
        nodes = list(ast.walk(parse_expression(text)))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return not any(isinstance(node, (ast.Name, ast.Attribute, ast.Call)) for node in nodes)


def _words(wants: Sequence[str]) -> str:
    return " or ".join(WORDS.get(one, one) for one in wants)


def _short(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:56]} ..."


# ---------------------------------------------------------------- in files


def encoded(value: Any) -> Any:
    """A value for JSON: as itself where JSON has it, else as a text of Python in an object of its own."""
    if isinstance(value, list):
        return [encoded(one) for one in value]
    if isinstance(value, dict) and all(isinstance(key, str) for key in value) and set(value) != {_MARK}:
        return {key: encoded(one) for key, one in value.items()}
    return value if isinstance(value, (str, int, float, type(None))) else {_MARK: repr(value)}


def decoded(value: Any) -> Any:
    """What `encoded` made that of. Raises ValueError where it made nothing of the kind."""
    if isinstance(value, list):
        return [decoded(one) for one in value]
    if not isinstance(value, dict):
        return value
    if set(value) == {_MARK} and isinstance(value[_MARK], str):
        return literal(value[_MARK])
    return {key: decoded(one) for key, one in value.items()}


def encoded_each(params: Mapping[str, Any]) -> dict[str, Any]:
    """Parameters by name, for JSON."""
    return {name: encoded(value) for name, value in params.items()}


def decoded_each(params: Mapping[str, Any]) -> dict[str, Any]:
    """What `encoded_each` made that of. Raises ValueError likewise."""
    try:
        return {name: decoded(value) for name, value in params.items()}
    except RecursionError:
        raise ValueError("it is nested too deeply") from None


# ---------------------------------------------------------------- for each call


def anew(pairs: tuple[tuple[str, Any], ...]) -> Callable[[], tuple[tuple[str, Any], ...]] | None:
    """Makes the same arguments again, for a call that may change its lists must not change those of the next.

    Returns:
        A function; None where nothing of them can be changed.
    """
    if all(_is_fixed(value) for _, value in pairs):
        return None
    return partial(marshal.loads, marshal.dumps(pairs))


def _is_fixed(value: Any) -> bool:
    if isinstance(value, (tuple, frozenset)):
        return all(_is_fixed(one) for one in value)
    return isinstance(value, _SIMPLE)
