"""A folder on disk that is an app: its `.fp.yaml`, and the files a deploy sends.

`.fp.yaml` is optional. Keys: `name`, `entrypoint`, `idle_minutes`, `env`, `sharing`. A key that is not known is an error,
since it is most often a typo that would otherwise be ignored for months.
"""

import difflib
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from fp import names
from fp.errors import ProjectError

CONFIG_FILE = ".fp.yaml"
SHARING = ("title", "description", "picture")


class Config(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What `.fp.yaml` says. `idle_minutes`: minutes without a request until the app sleeps; 0 means never.

    `env`: environment variables that a deploy sets; those that it does not name stay as they are.
    `sharing`: `title`, `description` and `picture` that chats show of the app's address; likewise.
    """

    name: str | None = None
    entrypoint: str = "app.py"
    idle_minutes: int | None = None
    env: dict[str, str] = {}
    sharing: dict[str, str] = {}


class Project(msgspec.Struct, frozen=True):
    """A folder and its configuration; `configured` tells whether there is a `.fp.yaml`."""

    folder: Path
    config: Config
    configured: bool

    @property
    def name(self) -> str | None:
        """The app's name: from `.fp.yaml`, else made of the folder's name; None when that gives no valid one."""
        return self.config.name or name_from(self.folder.name)


def find_project(start: Path) -> Project:
    """The project that `start` is in: the nearest folder upwards with a `.fp.yaml`, else `start` itself.

    Raises ProjectError when the file cannot be used.
    """
    start = start.resolve()
    for folder in (start, *start.parents):
        if (folder / CONFIG_FILE).is_file():
            return Project(folder, read_config(folder / CONFIG_FILE), configured=True)
    return Project(start, Config(), configured=False)


def read_config(path: Path) -> Config:
    """Read and check one `.fp.yaml`. Raises ProjectError that lists everything wrong with it."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise ProjectError(f"{path} cannot be read: {error}") from error
    return parse_config(text, f"Change {path}.")


def parse_config(text: str, hint: str = "") -> Config:
    """What the text of a `.fp.yaml` says. Raises ProjectError that lists everything wrong with it."""
    values = _parse_yaml(text)
    problems = [*_unknown_keys(values), *_wrong_values(values)]
    if problems:
        raise ProjectError(f"{CONFIG_FILE} cannot be used: " + "; ".join(problems), hint)
    env = {name: _as_text(value) for name, value in (values.get("env") or {}).items()}
    sharing = {name: str(value) for name, value in (values.get("sharing") or {}).items()}
    return msgspec.convert({**values, "env": env, "sharing": sharing}, Config)


def write_config(folder: Path, config: Config) -> None:
    """Write `.fp.yaml`; what has its default value is left out."""
    (folder / CONFIG_FILE).write_text(config_text(msgspec.structs.asdict(config)), encoding="utf-8")


def config_text(values: Mapping[str, Any]) -> str:
    """The text of a `.fp.yaml` that says so; what has its default value is left out."""
    import yaml

    default = msgspec.structs.asdict(Config())
    chosen = {key: value for key, value in values.items() if value != default[key]}
    return yaml.safe_dump(chosen, sort_keys=False, allow_unicode=True) if chosen else ""


def name_from(text: str) -> str | None:
    """A valid app name made of any text, or None."""
    name = re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:40].rstrip("-")
    name = name.lstrip("0123456789-")
    return name if name and name_problem(name) is None else None


def name_problem(name: str) -> str | None:
    """What is wrong with an app's name, in words that follow it; None when nothing is."""
    if not names.APP_NAME.match(name) or name.endswith("\n"):
        return "must be 1 to 40 of a-z, 0-9 and -, start with a letter and not end with -"
    if name in names.RESERVED_APP_NAMES:
        return "is reserved for the platform"
    return None


def _as_text(value: Any) -> str:
    """A variable's value as YAML users write it: `true` and `1` are text too."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _parse_yaml(text: str) -> dict[str, Any]:
    import yaml

    try:
        values = yaml.safe_load(text)
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        where = getattr(error, "problem_mark", None)
        line = f" (line {where.line + 1})" if where else ""
        raise ProjectError(
            f"{CONFIG_FILE} is not YAML{line}", "Write `key: value` lines, such as `name: todo`."
        ) from error
    if values is None:
        return {}
    if not isinstance(values, dict):
        raise ProjectError(f"{CONFIG_FILE} is not a list of `key: value` lines", "Start with a line like `name: todo`.")
    return values


def _unknown_keys(values: dict[str, Any]) -> list[str]:
    known = Config.__struct_fields__
    problems = []
    for key in values:
        if key not in known:
            near = difflib.get_close_matches(str(key), known, n=1)
            problems.append(
                f"`{key}` is not a key" + (f", did you mean `{near[0]}`?" if near else f" ({', '.join(known)})")
            )
    return problems


def _wrong_values(values: dict[str, Any]) -> list[str]:
    problems = []
    name, entrypoint, idle = values.get("name"), values.get("entrypoint", "app.py"), values.get("idle_minutes")
    if name is not None and not isinstance(name, str):
        problems.append("`name` must be text")
    elif isinstance(name, str) and name_problem(name):
        problems.append(f"`name` {name_problem(name)}")
    if not isinstance(entrypoint, str) or not entrypoint.endswith(".py"):
        problems.append("`entrypoint` must be the path of a Python file")
    if idle is not None and (not isinstance(idle, int) or isinstance(idle, bool) or idle < 0):
        problems.append("`idle_minutes` must be a whole number, 0 for never")
    env = values.get("env")
    if env is not None and not (isinstance(env, dict) and all(_is_variable(*item) for item in env.items())):
        problems.append("`env` must be a list of `NAME: value` lines")
    sharing = values.get("sharing")
    if sharing is not None and not (isinstance(sharing, dict) and all(_is_told(*item) for item in sharing.items())):
        problems.append(f"`sharing` must be a list of lines with {', '.join(f'`{name}: text`' for name in SHARING)}")
    return problems


def _is_told(name: Any, value: Any) -> bool:
    return name in SHARING and isinstance(value, str | int | float)


def _is_variable(name: Any, value: Any) -> bool:
    return isinstance(name, str) and isinstance(value, str | int | float)
