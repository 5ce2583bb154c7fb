"""What becomes of a request at the door: pass, wait, a page, or an answer in the app's place.

An awake app's requests pass at once and without a task. All others wait in their app's room while one task an app, however
many wait, sees to it that the cluster starts it. The room is released by what the directory hears, never by polling. A
failed wake is told to those who wait and is not kept: the next request tries again, after a growing pause for an app that
failed several times in a row, in which it answers with its failure at once.
"""

import asyncio
from collections.abc import Callable

from activator import pages
from activator.answers import RETRY_SOON, Answer, problem
from activator.directory import Directory, awake
from activator.metrics import Metrics
from activator.request import Waiting
from activator.rooms import Awake, Gone, RoomFull, Rooms
from activator.routes import DOOR_HEADER
from activator.settings import Settings
from activator.stand_in import IN_ITS_PLACE, does_not_start, static_answer, unknown
from activator.wakers import Wakers
from cluster.base import AppView, Failure


class Wake:
    """Decides for requests; `now` is a monotonic clock in seconds."""

    def __init__(
        self,
        directory: Directory,
        rooms: Rooms,
        wakers: Wakers,
        *,
        settings: Settings,
        metrics: Metrics,
        now: Callable[[], float],
    ) -> None:
        self._directory = directory
        self._rooms = rooms
        self._wakers = wakers
        self._settings = settings
        self._metrics = metrics
        self._now = now
        self._agents = tuple(part.strip() for part in settings.static_agents.lower().split(",") if part.strip())
        self._paths = frozenset(part.strip() for part in settings.static_paths.split(",") if part.strip())

    def at_once(self, request: Waiting) -> Answer | None:
        """The answer that needs no waiting, or None: `hold` it."""
        view = self._directory.at(request.host)
        if view is None:
            return self._unknown(request) if self._directory.synced.is_set() else None
        if request.reserved:
            return _reserved(request, view)
        if awake(view) and view.upstream is not None:
            if request.stale == view.upstream:
                return None
            self._metrics.passed.inc()
            return Answer(200, (("X-Fp-Upstream", view.upstream),))
        if request.path in self._paths or any(part in request.agent for part in self._agents):
            self._metrics.static.inc()
            return Answer(IN_ITS_PLACE) if self._settings.data_plane == "routes" else static_answer(request.path)
        failure = self._wakers.resting(view.app)
        return None if failure is None else self._failed(request, view, failure)

    async def hold(self, request: Waiting) -> Answer:
        """Wait until the request may pass, its wake failed, or it has waited long enough."""
        began = self._now()
        view: AppView | None = None
        try:
            async with asyncio.timeout(self._settings.hold_seconds):
                await self._directory.synced.wait()
                view = await self._not_stale(request)
                if view is None:
                    return self._unknown(request)
                if awake(view) and view.upstream is not None:
                    return self._pass(Awake(view.upstream), began)
                return await self._wait(request, view, began)
        except TimeoutError:
            return _try_again(request, view.name if view is not None else request.host)
        except RoomFull:
            self._metrics.refused.inc()
            return _try_again(request, view.name if view is not None else request.host)

    async def _not_stale(self, request: Waiting) -> AppView | None:
        view = self._directory.at(request.host)
        if view is None or request.stale is None or view.upstream != request.stale:
            return view
        noticed = await self._directory.until(
            view.app, lambda now: now is None or now.upstream != request.stale, self._settings.stale_seconds
        )
        if not noticed:
            await self._wakers.insist(view.app)
        return self._directory.at(request.host)

    async def _wait(self, request: Waiting, view: AppView, began: float) -> Answer:
        place = self._rooms.enter(view.app)
        try:
            self._wakers.start(view.app)
            outcome = await self._rooms.outcome(
                place, self._settings.page_after_seconds if request.navigation else None
            )
        finally:
            self._rooms.leave(view.app, place)
        if outcome is None:
            return pages.waking(view.name)
        if isinstance(outcome, Awake):
            return self._pass(outcome, began)
        if isinstance(outcome, Gone):
            return self._unknown(request)
        return self._failed(request, view, outcome.failure)

    def _pass(self, outcome: Awake, began: float) -> Answer:
        seconds = self._now() - began
        self._metrics.held.observe(seconds)
        return Answer(200, (("X-Fp-Upstream", outcome.upstream), ("X-Fp-Cold-Start", f"{seconds * 1000:.1f}")))

    def _unknown(self, request: Waiting) -> Answer:
        self._metrics.unknown.inc()
        return unknown(request)

    def _failed(self, request: Waiting, view: AppView, failure: Failure) -> Answer:
        return does_not_start(request, view.name, failure)


def _reserved(request: Waiting, view: AppView) -> Answer:
    """No business of a visitor's. The mark tells the one who asks on purpose whose route led here."""
    mark = () if request.unrouted else ((DOOR_HEADER, view.version),)
    return problem(404, "not_found", "Not found", "There is nothing at that path.", headers=mark)


def _try_again(request: Waiting, name: str) -> Answer:
    if request.html:
        return pages.try_again(name)
    detail = "It could not be woken in time, or too many requests wait for it. Try again."
    return problem(503, "unavailable", "The app could not be woken", detail, headers=(RETRY_SOON,))
