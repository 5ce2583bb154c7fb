"""Deploys on the wire: a deploy is a sequence of named stages, told as it happens."""

from datetime import datetime
from typing import Literal

import msgspec

from fp.api.problems import Finding

DeployStatus = Literal["running", "succeeded", "failed"]
StageName = Literal["validate", "version", "start", "ready"]
StageStatus = Literal["pending", "running", "done", "failed"]

STAGES: tuple[StageName, ...] = ("validate", "version", "start", "ready")
"""In order: check the draft; write the immutable version; start it beside the old one; route to it."""


class Stage(msgspec.Struct, frozen=True):
    """`ms` is how long the stage took, null until it ends; `message` says in words what happened or is happening."""

    name: StageName
    status: StageStatus
    ms: float | None = None
    message: str = ""


class Deploy(msgspec.Struct, frozen=True):
    """One deploy. `stages` always holds all of STAGES. `version` is known once it is written; `url` is the app's address.

    `rollback_of`: the number of the version that it repeats, null when it deploys the draft.
    `cancelled_by`: who asked to cancel it. In time, it ends as `failed` with the finding `cancelled`; else it succeeds.
    `draft_etag`: the etag of a draft with the files that it takes, so that one can tell whether the draft is still that one;
    null where that was not noted.
    """

    id: str
    app: str
    status: DeployStatus
    stages: list[Stage]
    findings: list[Finding]
    version: int | None
    url: str
    created_at: datetime
    finished_at: datetime | None = None
    by: str = ""
    rollback_of: int | None = None
    cancelled_by: str | None = None
    draft_etag: str | None = None


class DeployPage(msgspec.Struct, frozen=True):
    items: list[Deploy]
    next: str | None = None


class DeployEvent(msgspec.Struct, frozen=True):
    """`data` of one SSE event of GET /api/deploys/{id}/events; the SSE `id` counts from 1, `event` is `deploy`.

    Each event carries the whole deploy as it then was, so a reader that missed some needs only the last; the stream ends
    after the event whose deploy is `succeeded` or `failed`.
    """

    seq: int
    deploy: Deploy
