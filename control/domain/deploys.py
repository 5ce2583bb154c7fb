"""A deploy and how it moves: pure functions from one state of it to the next.

Each step makes a new `Deploy` whose `seq` is one higher and which remembers the step as an event; the store writes it
only over the `seq` it was made from. So two workers can never both move a deploy, and a reader that saw event 4 can be
told of 5, 6 and 7 later, each with the whole deploy as it then was (`as_of`).
"""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from control.domain.config import Config
from control.domain.ids import new_id
from fp.api.deploys import STAGES, DeployStatus, Stage, StageName
from fp.api.problems import Finding

MAX_ATTEMPTS = 3
SUPERSEDED = "superseded"
CANCELLED = "cancelled"


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """The deploy as it was after step `seq`, without the findings, which come with the last step only."""

    seq: int
    at: datetime
    status: DeployStatus
    stages: list[Stage]
    version: int | None


class Deploy(msgspec.Struct, frozen=True, kw_only=True):
    """One deploy of the app `app`. `number` counts the app's deploys from 1: of two, the higher one wins.

    `version_id` is chosen when the deploy is asked for, so writing the version twice writes it once; `version` is its
    number, known once it is written. `by` is a username. `stage_began` is when the stage that runs began. `attempts`
    counts the workers that took it on. `claimed_by` is the worker that has it now. `rollback_of`: the number of the version
    that it repeats, null when it deploys the draft. `cancelled_by`: who asked to cancel it, also where that came too late.
    `code_hash` is that of its source, null in documents from before it was noted.
    """

    id: str
    app: str
    number: int
    status: DeployStatus
    stages: list[Stage]
    by: str
    created_at: datetime
    version_id: str
    version: int | None = None
    findings: list[Finding] = []
    finished_at: datetime | None = None
    stage_began: datetime | None = None
    seq: int = 1
    events: list[Event] = []
    attempts: int = 0
    claimed_by: str | None = None
    rollback_of: int | None = None
    cancelled_by: str | None = None
    code_hash: str | None = None


class Source(msgspec.Struct, frozen=True):
    """What a deploy makes a version of: draft and config as they were when it was asked for, or those of an older version."""

    files: dict[str, str]
    entrypoint: str
    config: Config = Config()
    rollback_of: int | None = None


def new_deploy(
    app: str, number: int, by: str, now: datetime, *, rollback_of: int | None = None, code_hash: str | None = None
) -> Deploy:
    """A deploy that waits for a worker; all its stages are pending."""
    stages = [Stage(name=name, status="pending") for name in STAGES]
    first = Event(seq=1, at=now, status="running", stages=stages, version=None)
    return Deploy(
        id=new_id(), app=app, number=number, status="running", stages=stages, by=by, created_at=now,
        version_id=new_id(), events=[first], rollback_of=rollback_of, code_hash=code_hash,
    )  # fmt: skip


def running_stage(deploy: Deploy) -> Stage | None:
    """The stage that runs now, null between two stages."""
    return next((stage for stage in deploy.stages if stage.status == "running"), None)


def begin(deploy: Deploy, name: StageName, message: str, now: datetime) -> Deploy:
    """The stage `name` runs from now on. A stage that a dead worker left running begins again."""
    stages = [
        Stage(name=name, status="running", message=message) if stage.name == name else stage for stage in deploy.stages
    ]
    return _step(deploy, now, stages=stages, stage_began=now)


def tell(deploy: Deploy, message: str, now: datetime) -> Deploy:
    """The stage that runs says something new of itself."""
    stages = [_changed(s, message=message) if s.status == "running" else s for s in deploy.stages]
    return _step(deploy, now, stages=stages)


def end(deploy: Deploy, message: str, now: datetime, *, version: int | None = None) -> Deploy:
    """The stage that runs is done; `version` is set by the stage that wrote it."""
    stages = _closed(deploy, "done", message, now)
    return _step(deploy, now, stages=stages, stage_began=None, version=version or deploy.version)


def succeed(deploy: Deploy, now: datetime, message: str = "") -> Deploy:
    """The last stage is done and so is the deploy, in one step: nobody sees one without the other."""
    stages = _closed(deploy, "done", message, now)
    return _step(deploy, now, stages=stages, stage_began=None, status="succeeded", finished_at=now)


def fail(deploy: Deploy, findings: Sequence[Finding], now: datetime) -> Deploy:
    """The deploy is over: the stage that runs (or else the first that never did) failed, for these reasons."""
    message = findings[0].message if findings else "failed"
    if running_stage(deploy) is None:
        waiting = next((stage.name for stage in deploy.stages if stage.status == "pending"), STAGES[-1])
        stages = [_changed(s, status="failed", message=message) if s.name == waiting else s for s in deploy.stages]
    else:
        stages = _closed(deploy, "failed", message, now)
    return _step(
        deploy, now, stages=stages, stage_began=None, status="failed", finished_at=now, findings=list(findings)
    )


def superseded(number: int) -> Finding:
    """Why a deploy ended that a newer one (`number`) of the same app overtook."""
    return Finding(
        code=SUPERSEDED,
        message=f"a newer deploy of this app began (deploy {number})",
        hint="nothing to do: the newer deploy carries the latest draft",
    )


def cancelled(by: str) -> Finding:
    """Why a deploy ended that somebody took back before it was live."""
    return Finding(
        code=CANCELLED,
        message=f"{by} cancelled this deploy",
        hint="nothing changed for visitors; deploy again whenever you like",
    )


def is_untouched(deploy: Deploy) -> bool:
    """Whether no worker ever did anything for it, so that ending it leaves nothing to clear up."""
    return deploy.seq == 1 and deploy.claimed_by is None


def gave_up(attempts: int) -> Finding:
    """Why a deploy ended that no worker could finish."""
    return Finding(
        code="worker_lost",
        message=f"the platform was interrupted {attempts} times while it deployed this version",
        hint="deploy again; if it happens again, look at the platform's own log",
    )


def as_of(deploy: Deploy, seq: int) -> Deploy:
    """The deploy as it was after step `seq`; steps that were never made are the nearest earlier one."""
    if seq >= deploy.seq:
        return deploy
    event = next((event for event in reversed(deploy.events) if event.seq <= seq), deploy.events[0])
    return msgspec.structs.replace(
        deploy, seq=event.seq, status=event.status, stages=event.stages, version=event.version, findings=[],
        finished_at=None,
    )  # fmt: skip


def _changed(stage: Stage, **changes: object) -> Stage:
    return msgspec.structs.replace(stage, **changes)


def _closed(deploy: Deploy, status: str, message: str, now: datetime) -> list[Stage]:
    began = deploy.stage_began or now
    ms = round((now - began).total_seconds() * 1000, 1)
    return [
        _changed(s, status=status, ms=ms, message=message or s.message) if s.status == "running" else s
        for s in deploy.stages
    ]


def _step(deploy: Deploy, now: datetime, **changes: object) -> Deploy:
    moved = msgspec.structs.replace(deploy, seq=deploy.seq + 1, **changes)
    event = Event(seq=moved.seq, at=now, status=moved.status, stages=moved.stages, version=moved.version)
    return msgspec.structs.replace(moved, events=[*moved.events, event])
