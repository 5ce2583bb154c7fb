"""A fleet of thousands and the figures of a day, put into a running platform's own MongoDB: nobody makes those by hand."""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from pymongo import MongoClient, UpdateOne

from control.domain.apps import App, make_draft
from control.domain.clock import utc_now
from control.domain.counters import PLATFORM
from control.domain.ids import new_id
from control.store.mapping import to_document
from fp.local.secrets import ROOT_USER
from tests.support.platform import Platform

FILES = {"app.py": "from fastapi import FastAPI\n\napp = FastAPI()\n"}


@contextmanager
def opened(platform: Platform) -> Iterator[Any]:
    """The platform's database."""
    password = (platform.data / "secrets" / "mongo.password").read_text().strip()
    port = platform.named_ports()["mongo"]
    uri = f"mongodb://{ROOT_USER}:{password}@127.0.0.1:{port}/?authSource=admin&directConnection=true"
    with MongoClient[dict[str, Any]](uri) as client:
        yield client["platform"]


def fill(platform: Platform, username: str, count: int, prefix: str = "fleet") -> None:
    """So many drafts of that user, `fleet-00000` on, made a second apart."""
    now = utc_now()
    with opened(platform) as database:
        owner = database["users"].find_one({"username": username})["_id"]
        apps = [
            _app(owner, username, f"{prefix}-{number:05}", now - timedelta(seconds=number)) for number in range(count)
        ]
        database["drafts"].insert_many(to_document(make_draft(app.id, FILES, "app.py", now), "app") for app in apps)
        database["apps"].insert_many(to_document(app) for app in apps)


def _app(owner: str, username: str, name: str, made: datetime) -> App:
    return App(
        id=new_id(), owner=owner, owner_name=username, name=name, idle_minutes=15, created_at=made, updated_at=made
    )


def slept(platform: Platform, app_id: str, minutes: int) -> None:
    """The app is live for so many minutes longer than it is, in all of which the platform watched it sleep."""
    with opened(platform) as database:
        app = database["apps"].find_one({"_id": app_id})
        before = app["first_live_at"].replace(second=0, microsecond=0)
        database["apps"].update_one({"_id": app_id}, {"$set": {"first_live_at": before - timedelta(minutes=minutes)}})
        for back in range(1, minutes + 1):
            time = (before - timedelta(minutes=back)).replace(tzinfo=UTC)
            key = {"app": PLATFORM, "unit": "minute", "time": time, "expires_at": time + timedelta(days=7)}
            database["metrics"].update_one(
                {"_id": f"{PLATFORM}:minute:{int(time.timestamp())}"},
                {"$setOnInsert": key, "$max": {"watched_s": 60.0}},
                upsert=True,
            )


def count(platform: Platform, app_id: str, requests: list[int]) -> None:
    """Counters of an app: so many requests in each of the last hours, oldest first."""
    hour = utc_now().replace(minute=0, second=0, microsecond=0)
    writes = []
    for back, number in enumerate(reversed(requests)):
        if number:
            time = hour - timedelta(hours=back)
            key = {"app": app_id, "unit": "hour", "time": time, "expires_at": hour + timedelta(days=30)}
            slow = number // 20 or 1
            ms = {f"ms.{random.Random(app_id).randrange(12, 24)}": number - number // 20, "ms.34": slow}
            # The platform counts in the present hour too.
            change = {"$setOnInsert": key, "$inc": {"requests": number, "s2": number} | ms}
            writes.append(UpdateOne({"_id": f"{app_id}:hour:{int(time.timestamp())}"}, change, upsert=True))
    with opened(platform) as database:
        if writes:
            database["metrics"].bulk_write(writes)
