"""What the window remembers from one start to the next (QSettings), or only while it runs."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QByteArray, QSettings

from workers.catalog.callables.literals import decoded_each
from workers.engine.plan import Settings
from workers.transport.redaction import public

if TYPE_CHECKING:
    from collections.abc import Mapping

    from workers.catalog.entry import Entry


class Preferences:
    """Values by name. A value that cannot be read any more counts as never written.

    Attributes:
        is_lasting: whether what is kept is there at the next start.
    """

    def __init__(self, lasting: bool) -> None:
        """Open it; where `lasting` is false it forgets everything at the end, and knows nothing at the start."""
        self.is_lasting = lasting
        self._settings = QSettings("Thaw", "Thaw") if lasting else None
        self._values: dict[str, Any] = {}

    def read(self, name: str, default: str = "") -> str:
        value = self._values.get(name) if self._settings is None else self._settings.value(name)
        return value if isinstance(value, str) else default

    def read_number(self, name: str, default: float) -> float:
        try:
            value = float(self.read(name))
        except ValueError:
            return default
        return value if math.isfinite(value) else default

    def write(self, name: str, value: str) -> None:
        if self._settings is None:
            self._values[name] = value
        else:
            self._settings.setValue(name, value)

    def read_values(self, name: str) -> dict[str, Any]:
        """Values by name that were kept together; none where there are none."""
        try:
            kept = json.loads(self.read(name, "{}"))
        except ValueError:
            return {}
        return kept if isinstance(kept, dict) else {}

    def write_values(self, name: str, values: Mapping[str, Any]) -> None:
        self.write(name, json.dumps(public(values)))  # anybody may read the file

    def read_bytes(self, name: str) -> QByteArray:
        """Bytes that Qt made of a layout; empty where there are none."""
        return QByteArray.fromBase64(QByteArray(self.read(name).encode("ascii", "replace")))

    def write_bytes(self, name: str, value: QByteArray) -> None:
        self.write(name, bytes(value.toBase64().data()).decode("ascii"))

    def write_run(self, settings: Settings) -> None:
        self.write("run", json.dumps(settings.plain()))

    def read_run(self, workloads: Mapping[str, Entry], runners: Mapping[str, Entry]) -> Settings | None:
        """The choices that were kept; None where there are none, or they fit this version no more."""
        try:
            kept = dict(json.loads(self.read("run", "{}")))
            runner = runners[kept.pop("runner")]
            workload = workloads[kept.pop("workload")]
            # Older versions kept pairs, and this one keeps values by name: dict() reads both.
            params = decoded_each(dict(kept.pop("params")))
            now = tuple((workload.new_name(name), value) for name, value in params.items())
            settings = Settings(runner, workload, params=now, **kept)
            fields = {field.name: field for field in (*runner.fields, *workload.fields)}
            for name, value in settings.params:
                fields[name].parse(fields[name].text(value))
            counts = (settings.tasks, settings.workers, settings.seed)
            fits = all(isinstance(count, int) and count > 0 for count in counts)
        except (ValueError, TypeError, KeyError):
            return None
        return settings if fits else None
