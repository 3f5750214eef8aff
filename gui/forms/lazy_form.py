"""Forms that are made when they are first seen, and those of a workload in two parts. In the GUI thread."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from gui.forms.form import Editor, Form
from gui.forms.literal_line import KINDS
from gui.widgets.panels import fill
from workers.catalog.compatibility import needed

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from PySide6.QtGui import QShowEvent
    from PySide6.QtWidgets import QBoxLayout, QCheckBox, QLabel

    from workers.catalog.entry import Entry
    from workers.catalog.fields import Field


class LazyForm(QWidget):
    """Most forms are folded away, and nobody opens them: until then their values are the defaults.

    Signals:
        changed: as of the form.
        made: the form is there now.
    """

    changed = Signal()
    made = Signal()

    def __init__(self, fields: Sequence[Field], make: Callable[[Sequence[Field]], Form] = Form) -> None:
        super().__init__()
        self._fields, self._make = tuple(fields), make
        self._form: Form | None = None
        self._column = fill(QVBoxLayout(self))

    @property
    def form(self) -> Form:
        """The form, which is made where it is not there yet."""
        if self._form is None:
            self._form = self._make(self._fields)
            self._form.changed.connect(self.changed)
            self._column.addWidget(self._form)
            self._form.show()
            self.made.emit()
        return self._form

    @property
    def has_fields(self) -> bool:
        return bool(self._fields)

    @property
    def labels(self) -> dict[str, QLabel | QCheckBox]:
        """Those that there are by now."""
        return self._form.labels if self._form is not None else {}

    def values(self) -> dict[str, Any]:
        if self._form is not None:
            return self._form.values()
        said = (field for field in self._fields if field.kind not in KINDS or field.default is not None)
        return {field.name: _unchanged(field) for field in said}

    def set_values(self, values: Mapping[str, Any]) -> None:
        now = self.values()
        names = [field.name for field in self._fields if field.name in values]
        if any(values[name] != now.get(name, "") for name in names):
            self.form.set_values(values)

    def showEvent(self, event: QShowEvent) -> None:
        _ = self.form


def _unchanged(field: Field) -> Any:
    """What a form's field says that nobody has touched."""
    if field.kind == "bool" and not field.optional:
        return bool(field.default)
    return "" if field.default is None else field.default


class WorkForm(QObject):
    """The parameters of a workload: those that it cannot do without are in sight, the others may fold away.

    Attributes:
        fields: all of them, in the order of the workload's source.
        needed: the form of the former.
        details: that of the others.

    Signals:
        changed: a value has changed.
    """

    changed = Signal()

    def __init__(self, entry: Entry) -> None:
        super().__init__()
        is_own, names = entry.own is not None, needed(entry)
        self.fields = entry.fields
        first = [field for field in entry.fields if field.name in names]
        others = [field for field in entry.fields if field not in first]
        self.needed = LazyForm(first, partial(Form, below_zero=is_own, is_needed=True))
        self.details = LazyForm(others, partial(Form, below_zero=is_own))
        self.parts = self.needed, self.details
        for part in self.parts:
            part.changed.connect(self.changed)

    @property
    def editors(self) -> dict[str, Editor]:
        return {**self.needed.form.editors, **self.details.form.editors}

    @property
    def labels(self) -> dict[str, QLabel | QCheckBox]:
        return {**self.needed.labels, **self.details.labels}

    def values(self) -> dict[str, Any]:
        """By the names of `fields`, in their order."""
        found = {**self.needed.values(), **self.details.values()}
        return {field.name: found[field.name] for field in self.fields if field.name in found}

    def set_values(self, values: Mapping[str, Any]) -> None:
        for part in self.parts:
            part.set_values(values)

    def show(self, is_shown: bool) -> None:
        """Show or hide both; a part without fields is never seen."""
        for part in self.parts:
            part.setVisible(is_shown and part.has_fields)

    def take_over(self, old: WorkForm) -> None:
        """Take the place of one whose function has changed: fields that are the same keep their values."""
        values = old.values()
        same = [field.name for field in self.fields if field in old.fields]
        self.set_values({name: values[name] for name in same if name in values})
        old.drop()

    def drop(self) -> None:
        """Take its parts out of the panel."""
        for part in self.parts:
            part.hide()
            part.deleteLater()


class WorkForms(QObject):
    """The forms of all workloads of a panel: each is made when it is first asked for, and one is seen at a time.

    Attributes:
        shown: the one that is seen; None before the first.

    Signals:
        changed: a value has changed.
        made: there are more fields.
    """

    changed = Signal()
    made = Signal()

    def __init__(self, needed: QBoxLayout, details: QBoxLayout) -> None:
        """Make none yet; the parts of each are put into these two columns."""
        super().__init__()
        self._needed, self._details = needed, details
        self._forms: dict[str, WorkForm] = {}
        self.shown: WorkForm | None = None

    def form(self, entry: Entry) -> WorkForm:
        form = self._forms.get(entry.name)
        if form is None:
            form = self._forms[entry.name] = WorkForm(entry)
            self._needed.addWidget(form.needed)
            self._details.addWidget(form.details)
            form.show(False)
            form.changed.connect(self.changed)
            for part in form.parts:
                part.made.connect(self.made)
        return form

    def show(self, entry: Entry) -> WorkForm:
        """Show this workload's form, and no other."""
        self.shown = self.form(entry)
        for form in self._forms.values():
            form.show(form is self.shown)
        return self.shown

    def take_up(self, entry: Entry) -> None:
        """A workload has other fields now: its form, where it has one, keeps the values of those that are the same."""
        old = self._forms.get(entry.name)
        if old is not None and old.fields != entry.fields:
            del self._forms[entry.name]
            self.form(entry).take_over(old)

    def drop(self, name: str) -> None:
        if name in self._forms:
            self._forms.pop(name).drop()

    def clear(self) -> None:
        for name in list(self._forms):
            self.drop(name)
