"""Begins to watch the program that is about to start in this interpreter; then the person's own module of this name."""

import sys


def _begin() -> None:
    import os

    here = os.path.dirname(os.path.abspath(__file__))
    package = os.path.dirname(os.path.dirname(here))
    sys.path[:] = [one for one in sys.path if one != here]
    sys.path_importer_cache.pop(here, None)
    invitation = os.environ.pop("THAW_WATCH", None)
    before = os.environ.pop("PYTHONPATH", here)[len(here) + 1 :]
    if before:
        os.environ["PYTHONPATH"] = before
    if invitation is None or sys.version_info < (3, 9):
        return
    try:
        from importlib.machinery import ModuleSpec, SourceFileLoader

        file = os.path.join(package, "__init__.py")
        loader = SourceFileLoader("_thaw", file)
        spec = ModuleSpec("_thaw", loader, origin=file, is_package=True)
        spec.has_location, spec.submodule_search_locations = True, [package]
        module = sys.modules["_thaw"] = type(sys)("_thaw")
        module.__spec__, module.__loader__, module.__path__, module.__file__ = spec, loader, [package], file
        from _thaw.agent.begin import begin  # type: ignore[import-not-found]

        begin(invitation)
    except BaseException:
        try:  # to leave word for who invited us: it is none of the program's business
            import traceback

            file = os.path.join(os.path.dirname(invitation), "trouble")
            with open(file, "w", encoding="utf-8", errors="backslashreplace") as out:
                out.write(traceback.format_exc())
        except BaseException:
            pass


_begin()
del _begin
# This name is the person's own: `site` takes an ImportError of just this name as "there is none".
sys.modules.pop(__name__)
import sitecustomize  # type: ignore[import-not-found]  # noqa: E402, F401
