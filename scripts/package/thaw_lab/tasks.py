"""What Celery's workers are told to load: `celery -A thaw_lab.tasks -b redis://HOST:6379 worker`.

In a worker our package has its private name, as in all processes that run other people's code: these may have packages
of our names. It lies beside this file where Thaw is installed, and else in the checkout.
"""

from __future__ import annotations

import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

_here = Path(__file__).resolve().parent
_package = next(one for one in (_here / "app" / "workers", _here.parents[2] / "workers") if one.is_dir())
_spec = spec_from_file_location("_thaw", _package / "__init__.py", submodule_search_locations=[str(_package)])
assert _spec is not None
assert _spec.loader is not None
sys.modules["_thaw"] = module_from_spec(_spec)
_spec.loader.exec_module(sys.modules["_thaw"])

from _thaw.queues.app import app as app  # type: ignore[import-not-found]  # noqa: E402
