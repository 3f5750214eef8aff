"""Spares imports what PySide does for a feature that Thaw does not use."""

from __future__ import annotations

from contextlib import suppress


def assume_none() -> None:
    """Let PySide read no module's source in search of its own name, from now on.

    It asks so, of every module that is imported from anywhere, whether calls from there may be written in snake case
    (`from __feature__ import ...`): an eighth of the time that the window's imports take. To say that every module may
    use PySide, without features, is what it finds for ours; a module that does ask for a feature has it all the same.
    """
    with suppress(ImportError, AttributeError):  # it is private, and another version may do without
        import PySide6.QtCore  # noqa: F401 (brings it)
        from shibokensupport import feature  # type: ignore[import-not-found]  # it comes without types

        if callable(feature._mod_uses_pyside):
            feature._mod_uses_pyside = lambda module: True
