"""Import the user's code, from a folder that is first on sys.path, under the name it has from there.

A zygote has many packages imported already. A file of the user's with the name of one of them must win, as it would in a
fresh process, so such packages are forgotten first; the standard library is not.
"""

import importlib
import importlib.util
import sys
from pathlib import Path, PurePosixPath
from types import ModuleType

from .bundle import Bundle, modules
from .deadline import Deadline
from .failure import StartFailed, StartTimeout, from_error, plain, timed_out
from .finder import find
from .timing import ImportTimer


def load(bundle: Bundle, deadline: Deadline, timer: ImportTimer) -> object:
    """The app in the imported entrypoint. Raises StartFailed: import_failed, start_timeout, and what `find` raises.

    The alarm is set while the user's code runs and off again afterwards.
    """
    path = bundle.root / bundle.entrypoint
    if not path.is_file():
        raise plain("import_failed", f"the entrypoint {bundle.entrypoint} is not among the app's files")
    importlib.invalidate_caches()
    _forget_shadowed(bundle.root)
    try:
        try:
            deadline.arm()
            with timer:
                module = _import(bundle.root, PurePosixPath(bundle.entrypoint))
                return find(module, bundle.root)
        finally:
            deadline.disarm()
    except StartTimeout as error:
        raise timed_out(error, bundle.root, deadline.seconds, "importing the code") from None
    except BaseException as error:
        raise _failed(error, bundle.root) from None


def module_name(entrypoint: PurePosixPath) -> str:
    """`pkg/main.py` is `pkg.main`; a package's own `__init__.py` is the package."""
    parts = entrypoint.with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" and len(parts) > 1 else parts)


def _import(root: Path, entrypoint: PurePosixPath) -> ModuleType:
    name = module_name(entrypoint)
    importable = "." not in "".join(entrypoint.with_suffix("").parts)
    if importable and name.partition(".")[0] not in sys.stdlib_module_names:
        module = importlib.import_module(name)
        if getattr(module, "__file__", None) == str(root / entrypoint):
            return module
    return _from_file(root / entrypoint)


def _from_file(path: Path) -> ModuleType:
    """A file whose name cannot be imported (`platform.py`, `my.app.py`): under a name made for it."""
    name = "app_" + "".join(letter if letter.isalnum() else "_" for letter in path.stem)
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise ImportError(f"{path.name} is not a Python file")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def _forget_shadowed(root: Path) -> None:
    shadowed = {name for name in modules(root) - sys.stdlib_module_names if name in sys.modules}
    for name in [name for name in sys.modules if name.partition(".")[0] in shadowed]:
        del sys.modules[name]


def _failed(error: BaseException, root: Path) -> StartFailed:
    return error if isinstance(error, StartFailed) else from_error("import_failed", error, root)
