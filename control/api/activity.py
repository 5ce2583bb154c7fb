"""All apps of a caller at once: a page of bars, and one summary. A fixed handful of queries, however many apps there are."""

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime

from control.api.figures import hours, watched
from control.api.services import Services
from control.domain.apps import App
from control.domain.asleep import asleep_seconds, live_since, share, watched_after
from control.domain.counters import PLATFORM, SECONDS, start_of, total
from control.domain.memory import merged
from control.domain.pages import Page
from control.domain.ranges import RANGES, Window
from control.domain.status import status_of
from control.store.metrics import Counted
from fp.api.apps import AppStatus
from fp.api.metrics import ActivityPage, ActivityRange, AppActivity, PlatformSummary

_BAR_SECONDS: dict[ActivityRange, int] = {"24h": 3600, "7d": 6 * 3600, "30d": 24 * 3600}


async def present_activity(services: Services, page: Page[App], name: ActivityRange) -> ActivityPage:
    """The page's apps in their order, each with its bars."""
    window = _window(name, services.clock())
    found = await services.store.metrics.by_app([app.id for app in page.items], window)
    seen = watched(found)
    bars: dict[str, dict[datetime, Counted]] = {}
    for entry in found:
        if entry.app != PLATFORM:
            bars.setdefault(entry.app, {})[entry.time] = entry
    items = [_activity(app, window, bars.get(app.id, {}), seen) for app in page.items]
    return ActivityPage(items=items, since=window.since, step_seconds=window.step, next=page.next)


def _activity(
    app: App, window: Window, bars: Mapping[datetime, Counted], seen: Mapping[datetime, float]
) -> AppActivity:
    counts, memory = total(bar.counts for bar in bars.values()), merged(bar.memory for bar in bars.values())
    asleep = asleep_seconds(seen, SECONDS["hour"], live_since(app), counts.awake_s)
    return AppActivity(
        app=app.id,
        name=app.name,
        requests=counts.requests,
        errors=counts.errors,
        wakes=counts.wakes,
        asleep_share=share(asleep, counts.awake_s),
        bars=[bars[begin].counts.requests if begin in bars else 0 for begin in window.starts],
        memory=memory.last if memory else None,
    )


async def present_summary(services: Services, owner: str | None, name: ActivityRange) -> PlatformSummary:
    """All apps of that user, null: of everyone."""
    store = services.store
    window = _window(name, services.clock())
    apps = await store.apps.living(owner)
    found, states = await asyncio.gather(
        store.metrics.together([app.id for app in apps], window), _states(services, apps)
    )
    counts = total(entry.counts for entry in found if entry.app != PLATFORM)
    asleep = _asleep(apps, watched(found), window.since, counts.awake_s)
    each = _mean_mb(found)
    return PlatformSummary(
        since=window.since,
        until=window.until,
        apps=states,
        requests=counts.requests,
        errors=counts.errors,
        wakes=counts.wakes,
        wakes_failed=counts.wakes_failed,
        awake_hours=hours(counts.awake_s),
        asleep_hours=None if asleep is None else hours(asleep),
        asleep_share=share(asleep, counts.awake_s),
        awake_app_mb=None if each is None else round(each, 1),
        given_back_mb_hours=None if each is None or asleep is None else round(asleep / 3600 * each, 1),
        given_back_mb=None if each is None else round(states.get("sleeping", 0) * each, 1),
    )


async def _states(services: Services, apps: Sequence[App]) -> dict[AppStatus, int]:
    """How many apps there are of each status. Only an app that never went live needs its newest deploy looked at."""
    deploys = services.store.deploys
    drafts = [app.id for app in apps if app.live is None]
    newest, busy = await deploys.newest_of(drafts), await deploys.apps_deploying()
    found: Counter[AppStatus] = Counter()
    for app in apps:
        status = status_of(app, newest.get(app.id), services.views.get(app.id))
        found["deploying" if app.id in busy and not app.paused else status] += 1
    return dict(found)


def _asleep(apps: Sequence[App], seen: Mapping[datetime, float], since: datetime, awake: float) -> float | None:
    """Seconds asleep of all of them together; null when nobody watched."""
    whole = sum(seen.values())
    starts = [start for app in apps if (start := live_since(app)) is not None]
    if whole <= 0 or not starts:
        return None
    span = SECONDS["hour"]
    there = sum(whole if start <= since else watched_after(seen, span, start) for start in starts)
    return max(0.0, there - awake)


def _mean_mb(found: Sequence[Counted]) -> float | None:
    """What an app that is awake takes on the mean: those apps by what they told, or all of the platform where none did so."""
    told = [entry.mean_memory for entry in found if entry.app != PLATFORM and entry.mean_memory]
    if told:
        return sum(told) / len(told) / 2**20
    own = total(entry.counts for entry in found if entry.app == PLATFORM)
    return own.memory_s / own.measured_s if own.measured_s > 0 and own.memory_s > 0 else None


def _window(name: ActivityRange, now: datetime) -> Window:
    step = _BAR_SECONDS[name]
    # The present bar is the last one, so the range is that many bars and ends with now.
    count = int(RANGES[name].total_seconds()) // step
    latest = start_of(now, step)
    return Window(latest - (count - 1) * (RANGES[name] / count), now, step, "hour")
