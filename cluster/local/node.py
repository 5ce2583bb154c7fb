"""The node: the Cluster protocol over processes of this machine.

Callers come and go; the work they ask for is the node's own, so nothing is left half done because a caller went away.
`restore` finds what an earlier node left, `stop` leaves nothing behind.
"""

import asyncio
from collections.abc import AsyncGenerator, Coroutine, Iterable
from contextlib import aclosing
from typing import Any, Literal

import msgspec
import structlog

from cluster import base, paths
from cluster.local.app import App
from cluster.local.deploy import Deploy, cancelled, superseded
from cluster.local.instance import Instance
from cluster.local.launcher import Launcher
from cluster.local.process import memory_mb
from cluster.local.restore import restore_instances
from cluster.local.service import Service
from cluster.local.settings import NodeSettings
from cluster.local.shipper import Shipper
from cluster.local.store import Store
from cluster.watchers import Watchers

log = structlog.get_logger(__name__)

CLOSING_SECONDS = 0.25
"""From the gates' closing to the first SIGTERM, when the node is told to stop."""
DELETE_SECONDS = 5.0
"""What the instance of a deleted app gets to drain."""


class Node:
    """Every app of this machine. Tasks it needs are made in `tasks`, whose end is the node's."""

    def __init__(self, settings: NodeSettings, store: Store, shipper: Shipper, tasks: asyncio.TaskGroup) -> None:
        self._settings = settings
        self._store = store
        self._shipper = shipper
        self._tasks = tasks
        self._launcher = Launcher(settings, store, shipper, self._spawn)
        self._watchers = Watchers()
        self._apps: dict[str, App] = {}
        self._deletions: dict[str, asyncio.Task[None]] = {}
        self._owned: set[asyncio.Task[None]] = set()
        self._stopping = False

    def restore(self) -> None:
        """Read what an earlier node left and take over the instances that still run."""
        for workload, code in self._store.workloads():
            app = self._apps[workload.app] = self._new_app(workload.app)
            app.restore(workload, code, None)
        restore_instances(self._apps, self._store, self._launcher, self._shipper)
        for app in self._apps.values():
            app.open()
        living = {instance.id for instance in self._launcher.instances()}
        self._spawn(self._launcher.warden.sweep(living), "sweep")
        log.info("restored", apps=len(self._apps), instances=len(self._launcher.instances()))

    async def run(self) -> None:
        """Keep the zygote going until cancelled."""
        await self._launcher.run()

    async def stop(self) -> None:
        """Drain and end every instance."""
        self._stopping = True
        for app in self._apps.values():
            if app.deploy is not None:
                app.deploy.give_up(base.Unavailable("the node is stopping"))
                await app.deploy.ended.wait()
        self._launcher.warm.close()
        await self._close_gates()
        instances = self._launcher.instances()
        for instance in instances:
            self._launcher.stop(instance, min(instance.workload.limits.grace_seconds, self._settings.stop_seconds))
        await _all_gone(instances)
        await asyncio.gather(*self._owned, return_exceptions=True)
        self._launcher.warden.close()

    async def _close_gates(self) -> None:
        """Have nobody sent to the instances any more, while they still take those who are on their way."""
        serving = [app for app in self._apps.values() if app.serving is not None]
        for app in serving:
            app.gate(closed=True)
        if serving:
            await asyncio.sleep(CLOSING_SECONDS)
        for app in self._apps.values():
            app.close()
            if app.serving is not None:
                app.sleep()

    async def apply(self, workload: base.Workload) -> AsyncGenerator[base.Checkpoint, None]:
        """See Cluster.apply."""
        paths.checked_name(workload.app)
        while (deletion := self._deletions.get(workload.app)) is not None:
            await asyncio.shield(deletion)
        deploy = self._deploy(workload)
        if deploy is not None:
            async with aclosing(deploy.follow()) as checkpoints:
                async for checkpoint in checkpoints:
                    yield checkpoint

    async def abandon(self, app: str, version: str) -> None:
        """See Cluster.abandon."""
        running = found.deploy if (found := self._apps.get(app)) is not None else None
        if running is not None and running.workload.version == version:
            running.give_up(cancelled())

    async def configure(self, app: str, *, idle_minutes: int, hosts: list[str], blocked: base.Blocked) -> None:
        """See Cluster.configure."""
        changes = {"idle_minutes": idle_minutes, "hosts": hosts, "blocked": blocked}
        await asyncio.shield(self._own(self._configure(self._known(app), changes), f"configure {app}"))

    async def scale(self, app: str, replicas: Literal[0, 1]) -> bool:
        """See Cluster.scale."""
        if replicas:
            return self._known(app).wake()
        self._known(app).sleep()
        return False

    async def gate(self, app: str, *, closed: bool) -> None:
        """See Cluster.gate."""
        self._known(app).gate(closed=closed)

    async def bundle(self, ticket: str, instance: str) -> base.Bundle:
        """See Cluster.bundle."""
        found = await self._launcher.by_ticket(ticket)
        if found is None or found.id != instance:
            raise base.UnknownTicket("no instance with that ticket is expected")
        return found.bundle()

    async def report(self, report: base.InstanceReport) -> None:
        """See Cluster.report."""
        self._launcher.report(report)

    async def delete(self, app: str) -> None:
        """See Cluster.delete."""
        self._check_open()
        paths.checked_name(app)
        if app not in self._deletions:
            self._deletions[app] = self._own(self._delete(app), f"delete {app}")
            self._deletions[app].add_done_callback(lambda _: self._deletions.pop(app, None))
        await asyncio.shield(self._deletions[app])

    async def watch(self) -> AsyncGenerator[base.WatchEvent, None]:
        """See Cluster.watch."""
        views = [app.view() for app in self._apps.values() if app.live is not None]
        async with aclosing(self._watchers.follow(views)) as events:
            async for event in events:
                yield event

    async def stats(self) -> base.ClusterStats:
        """See Cluster.stats."""
        instances = self._launcher.instances()
        pids = [process.pid for process in self._launcher.processes()]
        memory = await asyncio.to_thread(lambda: sum(map(memory_mb, pids)))
        awake = sum(instance.state == "ready" for instance in instances)
        return base.ClusterStats(sum(app.live is not None for app in self._apps.values()), awake, round(memory, 1))

    def _new_app(self, name: str) -> App:
        app = App(name, self._launcher, self._publish)
        if self._settings.data_plane == "routes":
            app.service = Service(
                self._store.service_port(name),
                remember=lambda port: self._remember_service(app, port),
                holders=lambda: self._launcher.processes(name),
                knocked=app.knocked,
            )
        return app

    def _remember_service(self, app: App, port: int) -> None:
        self._store.remember_service(app.id, port)
        self._publish(app)

    def _deploy(self, workload: base.Workload) -> Deploy | None:
        """The deploy that makes `workload` live: one that runs already, a new one, or None when there is nothing to do."""
        self._check_open()
        app = self._apps.get(workload.app) or self._new_app(workload.app)
        running = app.deploy
        if running is not None and running.workload.digest == workload.digest:
            return running
        if running is None and app.live is not None and app.live.digest == workload.digest and app.healthy:
            return None
        deploy = Deploy(app, workload, self._launcher, self._store)
        if running is not None:
            running.give_up(superseded())
        self._apps[app.id], app.deploy = app, deploy
        self._spawn(deploy.run(lambda: self._deployed(app, deploy)), f"deploy {app.id}")
        return deploy

    def _deployed(self, app: App, deploy: Deploy) -> None:
        if app.deploy is deploy:
            app.deploy = None
        self._spawn(self._tidy(app, deploy), f"tidy {app.id}")

    async def _tidy(self, app: App, deploy: Deploy) -> None:
        # A draining instance may still import from its code.
        await _all_gone(deploy.leaving)
        async with app.code:
            if self._apps.get(app.id) is not app:
                return
            keep = {instance.code.name for instance in self._launcher.instances(app.id)}
            keep |= {app.folder.name} if app.live is not None else set()
            keep |= {app.deploy.code} if app.deploy is not None else set()
            await asyncio.to_thread(self._store.prune, app.id, keep)

    async def _configure(self, app: App, changes: dict[str, Any]) -> None:
        async with app.commits:
            workload = msgspec.structs.replace(app.require_live(), **changes)
            await asyncio.to_thread(self._store.save, workload, app.folder)
            app.configure(workload)

    async def _delete(self, name: str) -> None:
        app = self._apps.pop(name, None)
        if app is not None:
            app.close()
            self._launcher.warm.forget(name)
            self._watchers.publish(base.AppGone(name))
            if app.deploy is not None:
                app.deploy.give_up(base.UnknownApp(f"app {name} was deleted meanwhile"))
                await app.deploy.ended.wait()
        instances = self._launcher.instances(name)
        for instance in instances:
            self._launcher.stop(instance, DELETE_SECONDS)
        await _all_gone(instances)
        self._shipper.forget(name)
        if app is None:
            await asyncio.to_thread(self._store.forget, name)
            return
        async with app.commits, app.code:
            await asyncio.to_thread(self._store.forget, name)

    def _publish(self, app: App) -> None:
        if self._apps.get(app.id) is app and app.live is not None:
            self._watchers.publish(app.view())

    def _known(self, app: str) -> App:
        self._check_open()
        found = self._apps.get(app)
        if found is None:
            raise base.UnknownApp(f"app {app} is not known here")
        found.require_live()
        return found

    def _check_open(self) -> None:
        if self._stopping:
            raise base.Unavailable("the node is stopping")

    def _spawn(self, work: Coroutine[Any, Any, None], name: str) -> None:
        self._tasks.create_task(work, name=name)

    def _own(self, work: Coroutine[Any, Any, None], name: str) -> asyncio.Task[None]:
        """Work that ends well or badly whether or not its caller is still there."""
        task = asyncio.create_task(work, name=name)
        self._owned.add(task)
        task.add_done_callback(self._disown)
        return task

    def _disown(self, task: asyncio.Task[None]) -> None:
        self._owned.discard(task)
        if not task.cancelled() and task.exception() is not None:
            log.warning("work failed", task=task.get_name(), error=str(task.exception()))


async def _all_gone(instances: Iterable[Instance]) -> None:
    for instance in instances:
        await instance.gone.wait()
