"""docs/operations.md tells of every setting that a process reads, with the default that it really has."""

import re
from pathlib import Path
from typing import Any

import msgspec
import pytest

import activator.settings
import cluster.kubernetes.settings
import cluster.local.settings
from cluster.base import Limits
from control.settings import Settings
from fp import names

PAGE = (Path(__file__).resolve().parents[3] / "docs" / "operations.md").read_text()
ROW = re.compile(r"^\| `(FP_[A-Z_]+)` \| ([^|]*) \| ([^|]*) \| ([^|]+) \|$", re.MULTILINE)
# What has its default elsewhere than in a struct: a person's own, the supervisor's, the bootstrap's.
ELSEWHERE = {
    "FP_PORT": "8080", "FP_DATA": "`.fp` in the checkout", "FP_DOMAIN": "localhost", "FP_APPS_DOMAIN": "`FP_DOMAIN`",
    "FP_HOST": "http://localhost:8080", "FP_TOKEN": "none", "FP_APP": "none", "FP_CLUSTER_KIND": "local",
    "FP_MONGO_URI": "its own MongoDB", "FP_SECRET_KEY": "made at first start", "FP_RUNNER_PYTHON": "the checkout's",
    "FP_MONGO_ROOT_USER": "none", "FP_MONGO_ROOT_PASSWORD": "none", "FP_MONGO_MEMBERS": "the address",
}  # fmt: skip
HANDED_OVER = {
    names.ENV_INTERNAL_TOKEN, names.ENV_CONTROL_PORT, names.ENV_INTERNAL_PORT, names.ENV_ACTIVATOR_PORT,
    names.ENV_CHECKIN_PORT, names.ENV_NODE_PORT, names.ENV_WEB_DIR, "FP_ROUTES_DIR", "FP_ACTIVATOR_FD",
    "FP_CHECKIN_FD", "FP_JOURNAL_DIR",
}  # fmt: skip
"""The supervisor or the manifests choose them; the page says so in place of a default."""


def told() -> dict[str, str]:
    """The default of each setting, as the page has it."""
    return {name: default.strip() for name, default, _, _ in ROW.findall(PAGE)}


def shown(value: Any) -> str:
    if value in ("", (), None):
        return "none"
    if isinstance(value, tuple):
        return ", ".join(map(str, value))
    return f"{value:g}" if isinstance(value, int | float) else str(value)


def defaults() -> dict[str, str]:
    """The default of each setting that a struct has, by the variable that sets it."""
    found: dict[str, str] = {}
    for field in msgspec.structs.fields(activator.settings.Settings):
        variable = activator.settings._VARIABLES.get(field.name, f"FP_{field.name.upper()}")
        if not field.required:
            found[variable] = shown(field.default)
    tables: list[tuple[type[msgspec.Struct], Any]] = [
        (cluster.local.settings.NodeSettings, cluster.local.settings._FIELDS),
        (cluster.kubernetes.settings.KubernetesSettings, cluster.kubernetes.settings._FIELDS),
        (Limits, cluster.kubernetes.settings._LIMITS),
    ]
    for struct, table in tables:
        fields = {field.name: field for field in msgspec.structs.fields(struct)}
        for name, variable, _ in table:
            found[variable] = "must be set" if fields[name].required else shown(fields[name].default)
    for field in msgspec.structs.fields(Settings):
        variable = f"FP_{field.name.upper()}"
        if not field.required and field.name != "limits":
            found.setdefault(variable, shown(field.default))
    return found | ELSEWHERE


def variables() -> set[str]:
    """Every setting there is."""
    named = {value for name, value in vars(names).items() if name.startswith("ENV_") and str(value).startswith("FP_")}
    return named | defaults().keys() | HANDED_OVER


def test_every_setting_is_told_and_none_that_is_not() -> None:
    assert told().keys() == variables()


@pytest.mark.parametrize("variable", sorted(variables() - HANDED_OVER - {"FP_STATIC_AGENTS"}))
def test_the_default_is_the_one_that_the_process_has(variable: str) -> None:
    assert told()[variable] == defaults()[variable]


def test_what_is_handed_over_is_said_so() -> None:
    assert {told()[variable] for variable in HANDED_OVER} == {"handed over"}
