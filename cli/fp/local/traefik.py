"""Traefik's folder: its configuration filled in from the templates of `traefik/`, and for the plugin its sources.

The folder is made anew at every start. In the data plane `routes` the activator adds a file for each app to `dynamic/`.
"""

import re
import shutil
from collections.abc import Mapping
from pathlib import Path
from string import Template
from typing import Final, Literal

from fp.local.errors import LocalError

DataPlane = Literal["plugin", "routes"]
PLUGIN_MODULE: Final = "github.com/fp-platform/wake"


def prepare(checkout: Path, folder: Path, data_plane: DataPlane, values: Mapping[str, str]) -> Path:
    """Write everything Traefik needs into `folder`, where it must run; the path of its configuration file.

    `values`: `bind`, `port`, `apps_domain`, `control_port`, `activator_port`, `internal_token`,
    `trusted_proxies` (a JSON list). Raises LocalError.
    """
    source, dynamic = checkout / "traefik", dynamic_folder(folder)
    shutil.rmtree(dynamic, ignore_errors=True)
    dynamic.mkdir(parents=True)
    filled = {
        **values,
        "apps_domain_regex": re.escape(values["apps_domain"]),
        "dynamic_folder": str(dynamic),
        "watch": "true" if data_plane == "routes" else "false",
    }
    static = [source / "static.yaml"]
    if data_plane == "plugin":
        static.append(source / "plugin.static.yaml")
        _copy_plugin(source / "plugin", folder / "plugins-local" / "src" / PLUGIN_MODULE)
    _write(static, folder / "static.yaml", filled)
    for name in ("control.yaml", f"{data_plane}.yaml"):
        _write([source / "dynamic" / name], dynamic / name, filled)
    return folder / "static.yaml"


def dynamic_folder(folder: Path) -> Path:
    """Where Traefik reads its routes from."""
    return folder / "dynamic"


def _write(sources: list[Path], target: Path, values: Mapping[str, str]) -> None:
    try:
        text = "".join(Template(source.read_text()).substitute(values) for source in sources)
    except (OSError, KeyError, ValueError) as error:
        names = " or ".join(map(str, sources))
        raise LocalError(
            f"Traefik's configuration {names} cannot be used: {error}.", "Restore the file from the checkout."
        ) from None
    # It holds the internal token.
    target.touch(mode=0o600)
    target.write_text(text)


def _copy_plugin(source: Path, target: Path) -> None:
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    for file in [*source.glob("*.go"), source / "go.mod", source / ".traefik.yml"]:
        if not file.name.endswith("_test.go"):
            shutil.copy(file, target)
