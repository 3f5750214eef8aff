"""Begins to watch the program that is about to start in this interpreter; then the person's own module of this name."""

import sys


def _begin() -> None:
    import os

    before = set(sys.modules)
    here = os.path.dirname(os.path.abspath(__file__))
    package = os.path.dirname(os.path.dirname(here))
    sys.path[:] = [one for one in sys.path if one != here]
    sys.path_importer_cache.pop(here, None)
    invitation = os.environ.pop("THAW_WATCH", None)
    # Whoever started this Python may have put folders before ours.
    folders = os.environ.pop("PYTHONPATH", "").split(os.pathsep)
    if here in folders:
        folders.remove(here)
    if any(folders):
        os.environ["PYTHONPATH"] = os.pathsep.join(folders)
    if invitation is None or sys.version_info < (3, 9):
        return
    path = sys.path[:]
    its_own = [os.path.abspath(one) for one in folders]
    try:
        # We need Python's modules, which the person's may be called like.
        sys.path[:] = [one for one in path if one not in its_own]
        from importlib.machinery import ModuleSpec, SourceFileLoader

        file = os.path.join(package, "__init__.py")
        loader = SourceFileLoader("_thaw", file)
        spec = ModuleSpec("_thaw", loader, origin=file, is_package=True)
        spec.has_location, spec.submodule_search_locations = True, [package]
        module = sys.modules["_thaw"] = type(sys)("_thaw")
        module.__spec__, module.__loader__, module.__path__, module.__file__ = spec, loader, [package], file
        from _thaw.agent.begin import begin  # type: ignore[import-not-found]

        begin(invitation)
        from _thaw.agent.namesakes import leave_room  # type: ignore[import-not-found]

        leave_room(before, its_own)
    except BaseException as error:
        try:  # to leave word for who invited us: it is none of the program's business
            import traceback

            file = os.path.join(os.path.dirname(invitation), "trouble")
            with open(file, "w", encoding="utf-8", errors="backslashreplace") as out:
                out.write(traceback.format_exc())
        except BaseException:
            pass
        if isinstance(error, KeyboardInterrupt):
            raise
    finally:
        sys.path[:] = path


_begin()
del _begin
# This name is the person's own: `site` takes an ImportError of just this name as "there is none".
sys.modules.pop(__name__)
import sitecustomize  # type: ignore[import-not-found]  # noqa: E402, F401
