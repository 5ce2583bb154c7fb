"""`fp wakes`: how an app woke: why, where the time went, who waited, and how it ended."""

from typing import Annotated

import typer

from fp.api.see import WakeOutcome, WakeRecord
from fp.commands import _options as options
from fp.commands._follow import newest
from fp.commands._output import json_document, milliseconds, moment, table
from fp.commands._session import app_name, connect

_HEADERS = ("TIME", "CAUSE", "WAITED", "PHASES", "HELD", "OUTCOME")
_TELLING = 0.05
"""A phase that took a smaller part of the wake is left out."""

Only = Annotated[
    WakeOutcome | None, typer.Option("--outcome", "-o", help="Only wakes that ended so.", show_default=False)
]


def run(
    app: options.App = None,
    *,
    app_option: options.AppOption = None,
    lines: options.Count = 20,
    outcome: Only = None,
    host: options.Host = None,
    as_json: options.Json = False,
) -> None:
    """Print an app's last wakes, phase by phase."""
    with connect(host) as client:
        records = newest(client.wakes(app_name(app, app_option), outcome), lines)
    if as_json:
        json_document(records)
    else:
        table(_HEADERS, [_cells(record) for record in records])


def _cells(record: WakeRecord) -> tuple[str, ...]:
    cause = f"{record.method} {record.path}" if record.path is not None else record.cause
    waited = milliseconds(record.ms)
    return moment(record.time), cause, waited, _phases(record), str(record.held), _ended(record)


def _phases(record: WakeRecord) -> str:
    whole = sum(phase.ms for phase in record.phases)
    telling = [phase for phase in record.phases if phase.ms > 0 and phase.ms >= whole * _TELLING]
    return ", ".join(f"{phase.name.replace('_', ' ')} {milliseconds(phase.ms)}" for phase in telling) or "-"


def _ended(record: WakeRecord) -> str:
    failure = record.failure
    if failure is None:
        return record.outcome
    place = ":".join(str(part) for part in (failure.file, failure.line) if part is not None)
    return " ".join(f"{record.outcome}: {place} {failure.message}".split())
