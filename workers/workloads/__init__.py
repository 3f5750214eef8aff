"""The kinds of work, one file each; `workers.catalog.entry` finds them by themselves."""

from ..additions.files import folder

__path__.extend(folder("workloads"))
