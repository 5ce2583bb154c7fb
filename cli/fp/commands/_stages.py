"""A deploy as it happens, on stderr: a line for each stage that ended, and on a terminal what is going on now."""

from types import TracebackType
from typing import Any, Self

from fp.api.deploys import Deploy, Stage
from fp.client import Client
from fp.commands._output import clean, is_interactive, json_line, milliseconds, note
from fp.errors import FpError

_LABELS = {
    "upload": "Uploading",
    "validate": "Validating",
    "version": "Writing the version",
    "start": "Starting",
    "ready": "Routing to it",
}
_WIDTH = max(map(len, _LABELS.values()))


class Stages:
    """Shows stages; use it in a `with` block, so that the terminal is left as it was."""

    def __init__(self) -> None:
        self._ended: set[str] = set()
        self._spinner: Any = None

    def __enter__(self) -> Self:
        if is_interactive():
            from rich.console import Console

            self._spinner = Console(stderr=True).status("Connecting")
            self._spinner.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._spinner:
            self._spinner.stop()

    def running(self, name: str) -> None:
        """Say on a terminal what is going on."""
        if self._spinner:
            self._spinner.update(_LABELS.get(name, name))

    def show(self, deploy: Deploy) -> None:
        """Print the stages of this deploy that ended and were not shown yet."""
        for stage in deploy.stages:
            if stage.status in {"done", "failed"}:
                self.ended(stage)
            elif stage.status == "running":
                self.running(stage.name)

    def ended(self, stage: Stage | None = None, *, name: str = "", ms: float | None = None, message: str = "") -> None:
        """Print one stage that ended, once."""
        name, failed = (stage.name, stage.status == "failed") if stage else (name, False)
        if name in self._ended:
            return
        self._ended.add(name)
        ms, message = (stage.ms, stage.message) if stage else (ms, message)
        mark = "failed" if failed else "ok"
        note(clean(f"{_LABELS.get(name, name):<{_WIDTH}}  {mark:<6}  {milliseconds(ms):>8}  {message}".rstrip()))


def followed(client: Client, started: Deploy, stages: Stages, *, as_json: bool) -> Deploy:
    """The deploy once it succeeded; shows what happens until then. Raises FpError with the findings when it failed."""
    last = started
    try:
        for last in client.follow_deploy(started.id):
            if as_json:
                json_line(last)
            else:
                stages.show(last)
    except KeyboardInterrupt:
        note("The deploy goes on; `fp status` shows how it ends.")
        raise
    if last.status == "failed":
        failed = next((stage.message for stage in last.stages if stage.status == "failed"), "")
        raise FpError(f"The deploy failed: {failed}".rstrip(": "), "What ran before is untouched.", last.findings)
    return last
