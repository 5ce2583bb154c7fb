"""The reconciler: makes the cluster follow the documents, and lets nothing stay that no document asks for.

One pass compares everything, cheaply, and then acts app by app. Between the comparison and the action the world may
have moved, so each action looks again at its own app first; a deploy that starts even later than that wins anyway,
because it applies again when it was overtaken. An app whose re-apply fails is noted on its document and left alone for
a while, longer each time.
"""

import asyncio
from collections.abc import Sequence
from contextlib import aclosing
from datetime import timedelta

import structlog

from cluster.base import Cluster, DeployFailed, Unavailable, UnknownApp
from control.domain.apps import App, Trouble
from control.domain.clock import Clock
from control.domain.deploys import SUPERSEDED
from control.domain.errors import NotFound, SecretUnreadable, StoreUnavailable
from control.lifecycle.audit import note_purge
from control.lifecycle.bindings import bind_database, bound_uris
from control.lifecycle.closing import finish_deletes, purge_closed, withdraw_closed
from control.lifecycle.deploying import checkpoints
from control.lifecycle.plan import Action, Apply, Configure, Delete, make_plan
from control.lifecycle.views import ClusterViews
from control.lifecycle.workload import Recipe, Wanted, build_wanted, build_workload
from control.store import Store

log = structlog.get_logger("control.reconcile")

CONCURRENT_ACTIONS = 4
FIRST_PAUSE = timedelta(seconds=15)
LONGEST_PAUSE = timedelta(minutes=15)


class Reconciler:
    """`run_once` is one pass; call it from one place at a time."""

    def __init__(self, store: Store, cluster: Cluster, views: ClusterViews, recipe: Recipe, clock: Clock) -> None:
        self._store = store
        self._cluster = cluster
        self._views = views
        self._recipe = recipe
        self._clock = clock

    async def run_once(self) -> int:
        """Closes every gap there is; answers how many actions it took. Raises Unavailable and StoreUnavailable."""
        await self._purge_deleted()
        if not self._views.connected:
            return 0
        # Views first: what is live is then read later than what runs, never the other way round.
        views = dict(self._views.all)
        deploying = await self._store.deploys.apps_deploying()
        apps = await self._store.apps.living()
        troubled = {app.id for app in apps if self._rests(app)}
        plan = make_plan(await self._wanted(apps), views, deploying | troubled)
        limit = asyncio.Semaphore(CONCURRENT_ACTIONS)
        await asyncio.gather(*(self._act(action, limit) for action in plan))
        return len(plan)

    async def _purge_deleted(self) -> None:
        now = self._clock()
        closed = await withdraw_closed(self._store, now)
        for app in await self._store.apps.deleted():
            due = app.purge_at is None or app.purge_at <= now
            if due or not self._views.connected or self._views.get(app.id) is not None:
                await self._cluster.delete(app.id)
            if due:
                await note_purge(self._store, app, now)
                await self._store.purge_app(app.id)
                log.info("app purged", app=app.id, name=app.name)
        await purge_closed(self._store, closed, now)
        await finish_deletes(self._store, now)

    async def _wanted(self, apps: Sequence[App]) -> list[Wanted]:
        live = {app.id: app.live.version for app in apps if app.live is not None}
        versions = await self._store.versions.summaries(sorted(live.values()))
        uris = await bound_uris(self._store, apps)
        return [
            build_wanted(app, versions[live[app.id]], uris[app.database], self._recipe)
            for app in apps
            if live.get(app.id) in versions and app.database in uris
        ]

    async def _act(self, action: Action, limit: asyncio.Semaphore) -> None:
        async with limit:
            try:
                match action:
                    case Delete(app=app):
                        await self._delete_orphan(app)
                    case Configure(app=app, idle_minutes=minutes, hosts=hosts, blocked=blocked):
                        await self._cluster.configure(app, idle_minutes=minutes, hosts=hosts, blocked=blocked)
                        log.info("app configured", app=app, idle_minutes=minutes, hosts=hosts, blocked=blocked)
                    case Apply(app=app, reason=reason):
                        await self._apply(app, reason)
            except (NotFound, UnknownApp):
                # Deleted in the meantime: the next pass has another plan for it.
                log.debug("the app went while it was reconciled", app=action.app)
            except (Unavailable, StoreUnavailable) as error:
                # Not raised, because that would leave the other actions running unwatched; a later pass does it.
                log.warning("reconciling an app must wait", app=action.app, reason=str(error))

    async def _delete_orphan(self, app_id: str) -> None:
        if await self._store.deploys.running_of(app_id):
            return
        try:
            app = await self._store.apps.get(app_id)
        except NotFound:
            app = None
        if app is None or app.live is None:
            await self._cluster.delete(app_id)
            log.info("orphan deleted", app=app_id)

    async def _apply(self, app_id: str, reason: str) -> None:
        app = await self._store.apps.get(app_id)
        if app.live is None or await self._store.deploys.running_of(app_id):
            return
        try:
            app, uri = await bind_database(self._store, app, self._clock)
            version = await self._store.versions.get(app.live.version if app.live else "")
            secrets = self._store.vault.opened(app.id, version.config)
        except SecretUnreadable as error:
            await self._note_trouble(app, str(error))
            return
        workload = build_workload(app, version, uri, self._recipe, secrets=secrets)
        view = self._views.get(app_id)
        if view is not None and view.digest == workload.digest:
            return
        log.info("applying again", app=app_id, name=app.name, version=version.number, reason=reason)
        try:
            async with aclosing(checkpoints(self._cluster, workload)) as told:
                async for checkpoint in told:
                    log.debug("applying", app=app_id, stage=checkpoint.stage, message=checkpoint.message)
        except DeployFailed as error:
            if error.failure.code != SUPERSEDED:
                await self._note_trouble(app, error.failure.message)
            return
        if app.trouble is not None:
            await self._store.apps.set_trouble(app_id, None)

    async def _note_trouble(self, app: App, message: str) -> None:
        count = app.trouble.count + 1 if app.trouble else 1
        log.warning("the live version does not start", app=app.id, name=app.name, count=count, message=message)
        await self._store.apps.set_trouble(app.id, Trouble(message, self._clock(), count))

    def _rests(self, app: App) -> bool:
        """Whether the app failed so lately that trying again would be a waste."""
        return app.trouble is not None and self._clock() < app.trouble.at + pause_after(app.trouble.count)


def pause_after(failures: int) -> timedelta:
    """How long an app is left alone after so many failed re-applies in a row."""
    doublings = max(0, min(failures - 1, 10))
    return min(FIRST_PAUSE * float(2**doublings), LONGEST_PAUSE)
