"""The plan: from what should be and what is to the fewest actions that close the gap. Pure, so it can be read and tested.

An app with a deploy under way is left alone: the deploy is about to change both sides. No action is planned for what is
already so, because applying a workload may start an instance and a sleeping app should stay asleep.
"""

from collections.abc import Iterable, Mapping, Set

import msgspec

from cluster.base import AppView, Blocked
from control.lifecycle.workload import Wanted


class Apply(msgspec.Struct, frozen=True):
    """The cluster misses the app or runs something else."""

    app: str
    reason: str


class Configure(msgspec.Struct, frozen=True):
    """Only routing, the idle time or whether it may run differ."""

    app: str
    idle_minutes: int
    hosts: list[str]
    blocked: Blocked


class Delete(msgspec.Struct, frozen=True):
    """The cluster runs what no document asks for."""

    app: str


Action = Apply | Configure | Delete


def make_plan(wanted: Iterable[Wanted], views: Mapping[str, AppView], deploying: Set[str]) -> list[Action]:
    """What to do, deletions first (they free hosts and memory), then in the order of `wanted`."""
    by_app = {want.app: want for want in wanted if want.app not in deploying}
    orphans = [app for app in views if app not in by_app and app not in deploying]
    actions: list[Action] = [Delete(app) for app in sorted(orphans)]
    for app, want in by_app.items():
        if (action := _gap(want, views.get(app))) is not None:
            actions.append(action)
    return actions


def _gap(want: Wanted, view: AppView | None) -> Action | None:
    if view is None:
        return Apply(want.app, "the cluster does not know it")
    if view.digest != want.digest:
        return Apply(want.app, "the cluster runs something else")
    is_now = (view.idle_minutes, view.blocked, sorted(view.hosts))
    if is_now != (want.idle_minutes, want.blocked, sorted(want.hosts)):
        return Configure(want.app, want.idle_minutes, want.hosts, want.blocked)
    return None
