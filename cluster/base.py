"""The Cluster protocol: what control and the activator may ask of whatever runs the apps.

The cluster is the only owner of "what is": it keeps each app's live workload (so that a sleeping app can wake without
control or MongoDB), starts and stops its instances, and tells every watcher about each change. It never decides: control
says which version should be live, the activator says when an app wakes and sleeps.

One instance is one runner process (or pod) of one version of one app. It checks in with the activator by itself; the
activator fetches its bundle here (`bundle`) and passes on what it says (`report`), so the cluster learns of readiness
without polling. One contract suite (tests/contract) runs over every implementation.

Errors:
    ClusterError
    ├── UnknownApp        no workload of that app is known (never applied, or deleted)
    ├── UnknownTicket     no instance with that ticket is expected
    ├── AppBlocked        the app may not run now; its view says why
    ├── DeployFailed      the new version did not become ready; carries a Failure; the old one still serves
    └── Unavailable       the cluster cannot be reached now; try again
"""

from collections.abc import AsyncIterator
from typing import Literal, Protocol

import msgspec


class ClusterError(Exception):
    """Base of every error that a Cluster raises."""


class UnknownApp(ClusterError):
    """No workload of that app is known: it was never applied, or it is deleted."""


class UnknownTicket(ClusterError):
    """No instance with that ticket is expected; whoever showed it gets nothing."""


class AppBlocked(ClusterError):
    """The app may not run now: it is paused or used up its limit, as its view says. It may be configured otherwise."""


class Unavailable(ClusterError):
    """The cluster cannot be reached now; the same call may be tried again."""


Blocked = Literal["", "paused", "over_limit"]
"""Why an app may not run: its owner paused it, or it used up its limit. Empty: it may."""


class Failure(msgspec.Struct, frozen=True):
    """Why an instance did not become ready, or died. `file` is relative to the app's root; `line` counts from 1.

    `code`: import_failed, no_app, several_apps, startup_failed, start_timeout, exited, killed, out_of_memory, bundle_failed,
    superseded, cancelled, no_room, quota_exceeded, image_missing.
    """

    code: str
    message: str
    file: str | None = None
    line: int | None = None
    column: int | None = None
    hint: str | None = None
    traceback: str | None = None


class Loaded(msgspec.Struct, frozen=True):
    """What came of a dry load. `failure`: why the app was not found, None where it was.

    `refused`: what the code asked for and did not get, `network` or `programs`; a failure may be because of that.
    """

    failure: Failure | None
    refused: list[str] = []


class Busy(ClusterError):
    """So many wait already that it is not worth waiting."""


class DeployFailed(ClusterError):
    """The new version did not become ready; it is stopped again and the old one still serves."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.message)
        self.failure = failure


class Limits(msgspec.Struct, frozen=True):
    """What one instance may use, all its processes together.

    `memory_mb`: hard, without swap. `cpus`: cores, once it is ready. `processes`: processes and threads at one time.
    `start_seconds`: process start to ready; `grace_seconds`: SIGTERM to SIGKILL.
    """

    memory_mb: int = 512
    cpus: float = 1.0
    processes: int = 128
    start_seconds: float = 20.0
    grace_seconds: float = 30.0


class Workload(msgspec.Struct, frozen=True):
    """One version of one app, complete: everything a runner needs to become it, and everything routing needs.

    `number` is the version's number as users see it; `files` maps relative paths to text; `digest` changes whenever
    anything else in here does but `hosts`, `idle_minutes` and `blocked` (those `configure` changes, and they are compared
    by themselves), and is how a reconciler sees that the cluster is behind.
    """

    app: str
    name: str
    version: str
    number: int
    digest: str
    files: dict[str, str]
    entrypoint: str
    env: dict[str, str]
    hosts: list[str]
    idle_minutes: int = 15
    limits: Limits = Limits()
    blocked: Blocked = ""


class Bundle(msgspec.Struct, frozen=True):
    """What a runner that checked in becomes. Code is a `folder` it can read, or `files` it must write down first.

    `ingest`: `address` (`host:port`) and `credential` for a runner that ships its records itself; null where that is done
    for it.
    """

    app: str
    name: str
    version: str
    number: int
    instance: str
    entrypoint: str
    env: dict[str, str]
    limits: Limits
    folder: str | None = None
    files: dict[str, str] | None = None
    ingest: dict[str, str] | None = None


InstancePhase = Literal["ready", "failed", "lost"]


class InstanceReport(msgspec.Struct, frozen=True):
    """What a runner told the activator. `address` is `host:port` on `ready`; `failure` is set on `failed`.

    `phases`: milliseconds per phase of the start, in order (`process`, `checkin`, `imports`, `startup`). `lost`: nobody
    said anything, its connection broke; it may serve on and come back, or be dead.
    """

    instance: str
    phase: InstancePhase
    address: str | None = None
    failure: Failure | None = None
    phases: dict[str, float] = {}


class AppView(msgspec.Struct, frozen=True):
    """What is, of one app. `upstream` is the live version's ready address, null while asleep or waking.

    `replicas`: 0 or 1 wanted. `closed`: the gate is closed, new requests must wait. `failure`: why the last start of
    the live version failed; cleared by the next start. `instance`: id of the instance behind `upstream`; `ticket` is
    what it was started with, so that whoever knows it can ask the runner on its reserved path. `service`: `host:port` that
    stays the same whether the app is awake or asleep, and from version to version; null where the data plane needs none.
    `blocked`: why the app may not run; no request may pass then, whatever the rest says. `phases`: milliseconds of each phase
    of that instance's start, where the cluster keeps them.
    """

    app: str
    name: str
    version: str
    number: int
    digest: str
    hosts: list[str]
    idle_minutes: int
    replicas: int
    service: str | None = None
    upstream: str | None = None
    instance: str | None = None
    ticket: str | None = None
    closed: bool = False
    failure: Failure | None = None
    blocked: Blocked = ""
    phases: dict[str, float] = {}


class AppGone(msgspec.Struct, frozen=True):
    """The app was deleted."""

    app: str


class Synced(msgspec.Struct, frozen=True):
    """Everything that was there when the watch began has been told; what follows are changes."""


WatchEvent = AppView | AppGone | Synced


class Checkpoint(msgspec.Struct, frozen=True):
    """A step of `apply`, in words for people. `stage` is `start` or `ready`."""

    stage: Literal["start", "ready"]
    message: str


class ClusterStats(msgspec.Struct, frozen=True):
    """`memory_mb`: of all instances together, 0 where the cluster does not measure it; `awake`: instances that are ready."""

    apps: int
    awake: int
    memory_mb: float


class Cluster(Protocol):
    """A handful of verbs. Every call may raise Unavailable."""

    def apply(self, workload: Workload) -> AsyncIterator[Checkpoint]:
        """Make `workload` the app's live version, starting one instance of it beside what serves now.

        Yields checkpoints until the new version is ready and live; then the old instance drains. Raises DeployFailed when
        it does not become ready. Idempotent: the same digest again, live and healthy, ends at once. May be called at any
        time, also while another apply of that app runs: the newer one wins, the older raises DeployFailed(`superseded`).
        A caller that goes away in the middle does not undo it: it ends as it would have.
        """
        ...

    async def abandon(self, app: str, version: str) -> None:
        """End the apply of that version without its going live, if it is under way and that is still possible.

        Whoever follows it is told: it raises DeployFailed(`cancelled`), or ends with the version live. Nothing happens when
        no such apply is under way where this caller's applies run.
        """
        ...

    async def configure(self, app: str, *, idle_minutes: int, hosts: list[str], blocked: Blocked) -> None:
        """Change what routing needs without a new version. Raises UnknownApp.

        An app that becomes blocked is put to sleep: its instance drains, and none starts until it is blocked no more.
        A version that is applied meanwhile is started to see that it can be, goes live, and drains.
        """
        ...

    async def scale(self, app: str, replicas: Literal[0, 1]) -> bool:
        """Want that many instances of the live version; answers when it is noted, before it is so.

        1 starts an instance, also after a failed start, and does nothing when one runs or starts; it opens the gate.
        0 drains the instance (SIGTERM, then SIGKILL after the grace). Raises UnknownApp, and AppBlocked for 1.

        The answer to 1: whether an instance starts, and a failure that is told from now on is that start's; the watch may say
        that it starts a moment after the answer. False where there was one already: it may be dead by now, and its death is
        told later.
        """
        ...

    async def gate(self, app: str, *, closed: bool) -> None:
        """Close or open the app's gate; every watcher sees it. Raises UnknownApp."""
        ...

    async def bundle(self, ticket: str, instance: str, peer: str = "") -> Bundle:
        """What the instance that showed `ticket` must become. Raises UnknownTicket.

        `peer`: the address that it came from, checked where the cluster knows the instance's. An instance that is meant for
        any app waits here until it is an app's, however long that takes.
        """
        ...

    async def report(self, report: InstanceReport) -> None:
        """Pass on what a runner said; a report of an instance that is gone is ignored."""
        ...

    async def delete(self, app: str) -> None:
        """Stop the app's instances and forget it; nothing is left behind. Unknown apps are fine."""
        ...

    def watch(self) -> AsyncIterator[WatchEvent]:
        """List then follow: every app's AppView, then Synced, then changes for ever. Raises Unavailable when cut off."""
        ...

    async def stats(self) -> ClusterStats:
        """Figures of the whole cluster, for people."""
        ...
