"""Keeps instances within their limits, from before their process begins until nothing of them is left.

    prepare    before the fork       the group is there, with its memory and processes; CPU is free while the app starts
    ready      it is ready           its share of CPU
    run        every second          tells when an app wants more processes than it may have; ends one that lost a process to
                                     its memory (version 2 ends all of it by itself)
    verdict    its process is gone   whether memory was why
    clear      after that            whatever it forked is killed, the group removed

Without control groups an instance is known by its session: what left the session is not found again.
"""

import asyncio
import signal
from collections.abc import Callable
from pathlib import Path

import structlog

from cluster.base import Failure, Limits
from cluster.local import orphans, post_mortem
from cluster.local.cgroups import Events, Group
from cluster.local.instance import Instance
from cluster.local.limits import Cgroups, survey

log = structlog.get_logger(__name__)

WATCH_SECONDS = 1.0
CLEAR_SECONDS = 3.0
RETRY_SECONDS = 0.005
"""A group counts as busy for a moment after its last process ended."""
MEMORY_HINT = "Keep less in memory at once (answer in parts, bound caches), or give apps more with FP_APP_MEMORY_MB."


class Warden:
    """`file`: what outlives the node of it. `instances`: those that are not gone."""

    def __init__(self, file: Path, cgroups: Cgroups, instances: Callable[[], list[Instance]]) -> None:
        self._file = file
        self._instances = instances
        self._offer = survey(file, cgroups)
        self._orphans = orphans.Orphans()
        self._save()
        log.info("limits", kept=self._offer.words)

    @property
    def nproc(self) -> int | None:
        """RLIMIT_NPROC for apps, None for none."""
        return self._offer.nproc

    def prepare(self, instance: Instance) -> None:
        """Make the instance's group, if there are any here. Raises OSError."""
        instance.group = self.make_group(instance.id, instance.workload.limits)

    def make_group(self, name: str, limits: Limits) -> Group | None:
        """A group with those limits but for the CPU; None where there are no groups. Raises OSError."""
        group = self._offer.new(name)
        if group is not None:
            group.create()
            group.limit_memory(limits.memory_mb)
            group.limit_processes(limits.processes)
        return group

    def adopt(self, instance: Instance) -> None:
        """An instance of an earlier node: find its group, and catch up on what that node may not have got to."""
        instance.group = self._offer.find(instance.id)
        if instance.address is not None:
            self.ready(instance)

    def ready(self, instance: Instance) -> None:
        """From now on it has its share of CPU."""
        if instance.group is not None:
            try:
                instance.group.limit_cpu(instance.workload.limits.cpus)
            except OSError as error:
                log.error("CPU not limited", instance=instance.id, error=str(error))

    def verdict(self, instance: Instance) -> Failure | None:
        """Why it ended, where a limit was why."""
        if not self._events(instance).killed:
            return None
        megabytes = instance.workload.limits.memory_mb
        message = f"The app used more than its {megabytes} MB of memory and was stopped"
        return Failure("out_of_memory", message, hint=MEMORY_HINT)

    def ran_out(self, name: str) -> bool:
        """Whether an instance of an earlier node, ended by now, had lost a process to its memory."""
        group = self._offer.find(name)
        return group is not None and group.events().killed > 0

    async def clear(self, instance: Instance) -> None:
        """Its process is gone: tell what can be seen for the last time, and end everything that it left."""
        if instance.group is not None:
            self._tell_refused(instance, self._events(instance))
            throttled = round(instance.group.throttled_ms())
            log.debug("limits of an instance", instance=instance.id, throttled_ms=throttled)
            await self.dissolve(instance.group)
        elif instance.process is not None:
            await asyncio.to_thread(orphans.end_session, instance.process.pid)

    async def sweep(self, keep: set[str]) -> None:
        """Remove the groups that an earlier node left, but those of these instances, and whatever runs in them."""
        for group in self._offer.others(keep):
            log.warning("leftovers end", instance=group.name, processes=len(group.pids()))
            await self.dissolve(group)
        self._offer.prune()
        self._save()

    async def dissolve(self, group: Group) -> None:
        """End everything in a group, and remove it."""
        await _dissolve(group)

    async def run(self) -> None:
        """Watch until cancelled."""
        while True:
            await asyncio.sleep(WATCH_SECONDS)
            for instance in self._instances():
                if instance.group is not None and not instance.exiting:
                    self._look(instance)
            self._orphans.reap({one.process.pid for one in self._instances() if one.process is not None})

    def close(self) -> None:
        """Every instance is gone, and so are the groups."""
        if not self._offer.remove():
            log.error("groups left", kept=self._offer.words)

    def _look(self, instance: Instance) -> None:
        events = self._events(instance)
        self._tell_refused(instance, events)
        if events.killed and instance.process is not None:
            instance.process.signal(signal.SIGKILL)

    def _events(self, instance: Instance) -> Events:
        return instance.group.events() if instance.group is not None else Events()

    def _tell_refused(self, instance: Instance, events: Events) -> None:
        if not events.refused or instance.refusal_told:
            return
        instance.refusal_told = True
        count = instance.workload.limits.processes
        log.warning("process limit", app=instance.workload.app, instance=instance.id, limit=count)
        try:
            post_mortem.tell_process_limit(instance.spool, count)
        except OSError as error:
            log.error("process limit not told", instance=instance.id, error=str(error))

    def _save(self) -> None:
        try:
            self._offer.save(self._file)
        except OSError as error:
            log.error("homes of the groups not written", error=str(error))


async def _dissolve(group: Group) -> None:
    loop = asyncio.get_running_loop()
    ends = loop.time() + CLEAR_SECONDS
    while True:
        try:
            group.kill()
            if group.remove():
                return
        except OSError as error:
            log.error("group not ended", instance=group.name, error=str(error))
        if loop.time() > ends:
            log.error("group not removed", instance=group.name, processes=sorted(group.pids()))
            return
        await asyncio.sleep(RETRY_SECONDS)
