"""`fp admin`: what administrators do to the platform as a whole. A group: each function is one of its commands."""

from typing import Annotated

import msgspec
import typer

from fp.api.admin import AuditEntry, AuditOutcome, PlatformSettingsPatch
from fp.commands import _options as options
from fp.commands._backup import backup, restore
from fp.commands._follow import newest
from fp.commands._output import clean, json_document, line, milliseconds, moment, table
from fp.commands._session import connect
from fp.errors import UsageError

_AUDIT_HEADERS = ("TIME", "WHO", "FROM", "WHAT", "TARGET", "STATUS")


def _option(flag: str, about: str) -> object:
    return typer.Option(flag, help=about, show_default=False)


Assignments = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="NAME=VALUE", help="What to change, such as logs_days=5 or signup_open=false.", show_default=False
    ),
]
User = Annotated[str | None, _option("--user", "Only what this account did.")]
App = Annotated[str | None, _option("--app", "Only what was about this app.")]
Operation = Annotated[str | None, _option("--operation", "Only this operation, such as delete_app.")]
Outcome = Annotated[AuditOutcome | None, _option("--outcome", "Only what ended so.")]


def settings(changes: Assignments = None, *, host: options.Host = None, as_json: options.Json = False) -> None:
    """Show the platform's settings, or change some: `fp admin settings logs_days=5`."""
    patch = read_patch(changes or [])
    with connect(host) as client:
        found = client.admin.change_settings(patch) if changes else client.admin.settings()
    if as_json:
        json_document(found)
    else:
        for name, value in msgspec.structs.asdict(found).items():
            line(f"{name:<22} {_shown(value)}")


def read_patch(changes: list[str]) -> PlatformSettingsPatch:
    """`NAME=VALUE` as a change of settings; a list is comma-separated, `null` is null. Raises UsageError."""
    given: dict[str, object] = {}
    kinds = {field.name: field.type for field in msgspec.structs.fields(PlatformSettingsPatch)}
    for change in changes:
        name, equals, text = change.partition("=")
        if not equals or name not in kinds:
            raise UsageError(f"`{change}` is no NAME=VALUE of a setting", f"Settings: {', '.join(kinds)}.")
        listed = name in {"allowed_imports", "blocked_patterns_off"} and text != "null"
        given[name] = [part for part in map(str.strip, text.split(",")) if part] if listed else _value(text)
    try:
        return msgspec.convert(given, PlatformSettingsPatch)
    except msgspec.ValidationError as error:
        raise UsageError(f"That is no value of a setting: {error}") from error


def _value(text: str) -> object:
    try:
        return msgspec.json.decode(text)
    except msgspec.DecodeError:
        return text


def _shown(value: object) -> str:
    if value is None:
        return "null"
    return ",".join(value) if isinstance(value, list) else str(value).lower()


def stats(*, host: options.Host = None, as_json: options.Json = False) -> None:
    """Show the platform in figures: apps, wakes, memory given back, MongoDB."""
    with connect(host) as client:
        found = client.admin.stats()
    if as_json:
        json_document(found)
        return
    mongodb, process = found.mongodb, found.process
    apps = ", ".join(f"{count} {status}" for status, count in sorted(found.apps.items())) or "none"
    rows = [
        ("apps", apps),
        ("users", str(found.users)),
        ("requests in 24 h", f"{found.requests_day}{' or more' if found.requests_bounded else ''}"),
        ("wakes in 24 h", f"{found.wakes_day}"),
        ("wake p50, p95", f"{milliseconds(found.wake_p50_ms)}, {milliseconds(found.wake_p95_ms)}"),
        ("memory of apps", _megabytes(found.apps_memory_mb)),
        ("given back by sleep", _megabytes(found.given_back_mb)),
        ("MongoDB", f"{mongodb.version}, {_megabytes((mongodb.storage_bytes or 0) / 2**20)} on disk"),
        ("api process", f"{process.version}, up {process.uptime_seconds:.0f} s, {_megabytes(process.memory_mb)}"),
    ]
    for label, value in rows:
        line(clean(f"{label:<20} {value}"))


def _megabytes(number: float | None) -> str:
    return "-" if number is None else f"{number:.0f} MB"


def audit(
    *,
    user: User = None,
    app: App = None,
    operation: Operation = None,
    outcome: Outcome = None,
    lines: options.Count = 50,
    host: options.Host = None,
    as_json: options.Json = False,
) -> None:
    """Print the newest entries of the audit log: who did what, from where, and how it ended."""
    with connect(host) as client:
        entries = newest(client.admin.audit(user=user, app=app, operation=operation, outcome=outcome), lines)
    if as_json:
        json_document(entries)
    else:
        table(_AUDIT_HEADERS, [_cells(entry) for entry in entries])


def _cells(entry: AuditEntry) -> tuple[str, ...]:
    who = entry.username or entry.credential or "-"
    target = f"{entry.target_kind} {entry.target_name or entry.target}".strip() or "-"
    what = f"{entry.operation} {','.join(entry.what)}".strip()
    return moment(entry.time), who, entry.address or "-", what, target, str(entry.status or "no answer")


COMMANDS = {"settings": settings, "stats": stats, "audit": audit, "backup": backup, "restore": restore}
