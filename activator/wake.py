"""What becomes of a request at the door: pass, wait, or be told something in the app's place.

An awake app's requests pass at once and without a task. All others wait in their app's room while one task an app, however
many wait, sees to it that the cluster starts it. The room is released by what the directory hears, never by polling. A
failed wake is told to those who wait and is not kept: the next request tries again, after a growing pause for an app that
failed several times in a row, in which it is told so at once. Whatever a request waits for, its time counts from its arrival.
"""

import asyncio
from collections.abc import Callable

from activator import notices, pages
from activator.answers import NO_STORE, Answer, problem
from activator.clients import client_of
from activator.directory import Directory, awake
from activator.doorbell import DOOR_HEADER
from activator.metrics import Metrics
from activator.notices import Notice
from activator.request import WAKE_PATH, Waiting
from activator.rooms import Awake, Blocked, ClientFull, Failed, Gone, RoomFull, Rooms
from activator.settings import Settings
from activator.static import StaticAnswers
from activator.wake_notes import Cause
from activator.wake_rate import TooManyWakes, WakeRate
from activator.wakers import Wakers
from cluster.base import AppView

IN_ITS_PLACE = 470
"""In the data plane `routes` a 2xx would mean that the request may pass: Traefik then comes to `/error` for the answer."""


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
        self._static = StaticAnswers(settings.static_agents, settings.static_paths)
        self._rate = WakeRate(settings.client_wakes_per_minute, now)
        self._dashboard = f"http://{settings.domain}{'' if settings.port == 80 else f':{settings.port}'}/apps/"

    def at_once(self, request: Waiting) -> Answer | None:
        """The answer that needs no waiting, or None: `hold` it."""
        view = self._directory.at(request.host)
        if view is None:
            return self._unknown(request) if self._directory.synced.is_set() else None
        if request.reserved and request.path != WAKE_PATH:
            return _reserved(request, view)
        if awake(view) and view.upstream is not None:
            if request.stale == view.upstream:
                return None
            self._metrics.passed.inc()
            return _pass(request, view.upstream)
        if view.blocked:
            return self._blocked(request, view)
        return self._undisturbed(request, view) or self._resting(request, view)

    async def hold(self, request: Waiting) -> Answer:
        """Wait until the request may pass, its wake failed, or it has waited long enough: a page load, for a second."""
        settings, began = self._settings, self._now()
        client = client_of(request.forwarded_for, settings.trusted_proxies)
        try:
            async with asyncio.timeout(settings.page_after_seconds if request.navigation else settings.hold_seconds):
                with self._rooms.admit(client):
                    return await self._held(request, client, began)
        except TimeoutError:
            return pages.tell(request, self._not_yet(request))
        except RoomFull:
            self._metrics.refused.inc()
            return pages.tell(request, notices.busy(self._name(request)))
        except ClientFull:
            self._metrics.limited.inc()
            return pages.tell(request, notices.limited(notices.SOON))
        except TooManyWakes as error:
            self._metrics.limited.inc()
            return pages.tell(request, notices.limited(error.seconds))

    async def _held(self, request: Waiting, client: str, began: float) -> Answer:
        await self._directory.synced.wait()
        view = await self._not_stale(request)
        if view is None:
            return self._unknown(request)
        if view.blocked:
            return self._blocked(request, view)
        if awake(view) and view.upstream is not None:
            return self._released(request, view.upstream, began)
        return self._resting(request, view) or await self._wait(request, view, client, began)

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

    async def _wait(self, request: Waiting, view: AppView, client: str, began: float) -> Answer:
        if not view.replicas and not self._wakers.awaited(view.app):
            self._rate.spend(client)
        place = self._rooms.enter(view.app)
        try:
            self._wakers.start(view.app, Cause("request", request.method, request.path))
            outcome = await place
        finally:
            self._rooms.leave(view.app, place)
        match outcome:
            case Awake(upstream):
                return self._released(request, upstream, began)
            case Failed():
                return self.failed(request, view)
            case Blocked(why):
                return pages.tell(request, notices.blocked(view.name, why))
            case Gone():
                return self._unknown(request)

    def _released(self, request: Waiting, upstream: str, began: float) -> Answer:
        seconds = self._now() - began
        self._metrics.held.observe(seconds)
        return _pass(request, upstream, seconds)

    def _undisturbed(self, request: Waiting, view: AppView) -> Answer | None:
        """The answer to who does not want the app itself: a crawler, a prober, a browser that only guesses."""
        answer = self.in_its_place(request, view)
        if answer is not None:
            self._metrics.static.inc()
            if answer.status < 300 and self._settings.data_plane == "routes":
                return Answer(IN_ITS_PLACE)
        return answer

    def in_its_place(self, request: Waiting, view: AppView) -> Answer | None:
        """What somebody is told who does not want the app itself; None for everybody else."""
        answer = self._static.answer(request)
        if answer is None and request.prefetch:
            return pages.tell(request, notices.asleep(view.name))
        return answer

    def _resting(self, request: Waiting, view: AppView) -> Answer | None:
        if not self._wakers.resting(view.app):
            return None
        self._metrics.resting.inc()
        return self.failed(request, view)

    def failed(self, request: Waiting, view: AppView) -> Answer:
        """The app was to be woken and did not start."""
        return pages.tell(request, notices.failed(view.name, self._wakers.resting(view.app), self._link(view)))

    def broke_off(self, request: Waiting, view: AppView) -> Answer:
        """The app was asked and did not answer."""
        return pages.tell(request, notices.broke_off(view.name, self._link(view)))

    def _link(self, view: AppView) -> str:
        return f"{self._dashboard}{view.name}/wakes"

    def _blocked(self, request: Waiting, view: AppView) -> Answer:
        self._metrics.blocked.inc()
        return pages.tell(request, notices.blocked(view.name, view.blocked))

    def _unknown(self, request: Waiting) -> Answer:
        self._metrics.unknown.inc()
        return pages.tell(request, notices.unknown(request.host))

    def _not_yet(self, request: Waiting) -> Notice:
        if not request.navigation:
            return notices.late(self._name(request))
        known = self._directory.synced.is_set()
        return notices.waking(self._name(request)) if known else notices.starting()

    def _name(self, request: Waiting) -> str:
        view = self._directory.at(request.host)
        return request.host[:253] if view is None else view.name


def _reserved(request: Waiting, view: AppView) -> Answer:
    """No business of a visitor's. The mark tells the one who asks on purpose whose route led here."""
    mark = () if request.unrouted else ((DOOR_HEADER, view.version),)
    return problem(404, "not_found", "Not found", "There is nothing at that path.", headers=mark)


def _pass(request: Waiting, upstream: str, held: float | None = None) -> Answer:
    """The app answers itself; `held`: seconds that the request waited, if it did."""
    if request.path == WAKE_PATH:
        return Answer(204, (NO_STORE,))
    cold = () if held is None else (("X-Fp-Cold-Start", f"{held * 1000:.1f}"),)
    return Answer(200, (("X-Fp-Upstream", upstream), *cold))
