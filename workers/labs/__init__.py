"""Labs: what goes wrong between threads, and how it is done right; a file each, a function for each version."""

from ..additions.files import folder

__path__.extend(folder("labs"))
