"""One word for what an app is doing, from what should be (the app, its newest deploy) and what is (the cluster's view).

The view comes in by its shape, because the domain knows nothing of clusters: `cluster.base.AppView` fits.
"""

from typing import Protocol

from control.domain.deploys import Deploy
from fp.api.apps import AppStatus


class Declared(Protocol):
    """What should be of an app, as far as its status needs it: an App, or the outline of one."""

    @property
    def paused(self) -> bool: ...
    @property
    def live(self) -> object | None: ...
    @property
    def trouble(self) -> object | None: ...


class Observed(Protocol):
    """What the cluster says of an app, as far as its status needs it."""

    @property
    def replicas(self) -> int: ...
    @property
    def upstream(self) -> str | None: ...
    @property
    def failure(self) -> object | None: ...


def status_of(app: Declared, deploy: Deploy | None, view: Observed | None) -> AppStatus:
    """The app's status. `deploy` is the app's newest one; `view` is null when the cluster does not know the app.

    A failed deploy does not show while an older version serves: the app runs, its deploy failed.
    """
    if app.paused:
        return "paused"
    if deploy is not None and deploy.status == "running":
        return "deploying"
    if app.live is None:
        return "error" if deploy is not None and deploy.status == "failed" else "draft"
    if view is None:
        return "error" if app.trouble is not None else "waking"
    return _observed_status(view)


def _observed_status(view: Observed) -> AppStatus:
    if view.upstream is not None:
        return "running"
    if view.failure is not None:
        return "error"
    return "waking" if view.replicas else "sleeping"
