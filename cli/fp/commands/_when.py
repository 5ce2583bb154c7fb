"""Moments as people type them: `15m`, `2h`, `3d` ago, or a time."""

import re
from datetime import UTC, datetime, timedelta
from typing import Annotated

import typer

from fp.errors import UsageError

_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
_HELP = "15m, 2h or 3d ago, or a time like 2026-01-31T12:00."

Since = Annotated[str | None, typer.Option("--since", help=f"Only from then on: {_HELP}", show_default=False)]
Until = Annotated[str | None, typer.Option("--until", help=f"Only before then: {_HELP}", show_default=False)]


def wire_time(option: str, text: str | None, now: datetime | None = None) -> str | None:
    """The moment as the API takes it; a time without a zone is this machine's. Raises UsageError."""
    if text is None:
        return None
    try:
        if ago := re.fullmatch(r"([0-9]{1,6})([smhd])", text):
            moment = (now or datetime.now(UTC)) - timedelta(**{_UNITS[ago[2]]: int(ago[1])})
        else:
            moment = datetime.fromisoformat(text)
        return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
    except (ValueError, OverflowError):
        raise UsageError(f"{option} `{text}` is no moment", f"Write {_HELP}") from None
