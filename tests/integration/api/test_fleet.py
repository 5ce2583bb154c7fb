"""The fleet over HTTP: searched, narrowed, sorted and entered anywhere, with figures of the last day, each user's own."""

from datetime import timedelta
from typing import Any

import httpx
import pytest

from control.domain.apps import Live
from control.domain.clock import utc_now
from control.domain.counters import Counts, start_of
from control.store import Store
from tests.integration.api.checks import problem


async def fleet(client: httpx.AsyncClient, **query: Any) -> dict[str, Any]:
    answer = await client.get("/api/fleet", params=query)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def names(page: dict[str, Any]) -> list[str]:
    return [row["app"]["name"] for row in page["items"]]


@pytest.fixture
async def three(ada: httpx.AsyncClient, app: str, opened_store: Store) -> list[dict[str, Any]]:
    """Three drafts in the order they were made: the first was busy, the second was slow, the third is new."""
    made = [(await ada.post("/api/apps", json={"name": f"{app}-{part}"})).json() for part in ("b", "a", "c")]
    await ada.delete(f"/api/apps/{app}")
    now = utc_now()
    counts = {
        (made[0]["id"], start_of(now, 60)): Counts(requests=9, s5=2, ms={12: 9}),
        (made[0]["id"], start_of(now - timedelta(hours=2), 60)): Counts(requests=3, ms={12: 3}),
        (made[1]["id"], start_of(now, 60)): Counts(requests=2, ms={40: 2}),
    }
    await opened_store.metrics.add(counts, now)
    await opened_store.apps.note_request(made[1]["id"], now + timedelta(hours=1))
    return made


async def test_rows_are_sorted_by_what_was_asked(ada: httpx.AsyncClient, three: list[dict[str, Any]]) -> None:
    busy, slow, new = (app["name"] for app in three)
    assert names(await fleet(ada)) == [slow, new, busy]
    assert names(await fleet(ada, sort="newest")) == [new, slow, busy]
    assert names(await fleet(ada, sort="name")) == [slow, busy, new]
    assert names(await fleet(ada, sort="requests")) == [busy, slow, new]
    assert names(await fleet(ada, sort="p95")) == [slow, busy, new]


async def test_a_row_has_the_app_and_its_last_day(ada: httpx.AsyncClient, three: list[dict[str, Any]]) -> None:
    page = await fleet(ada, sort="newest")
    assert (page["total"], page["counts"], page["next"], page["step_seconds"]) == (3, {"draft": 3}, None, 3600)
    new, slow, busy = page["items"]
    assert (new["requests"], new["errors"], new["p95"], new["bars"]) == (0, 0, None, [0] * 24)
    assert new["app"] == (await ada.get(f"/api/apps/{three[2]['id']}")).json()
    assert (busy["requests"], busy["errors"], busy["bars"][-1], busy["bars"][-3]) == (12, 2, 9, 3)
    assert 0 < busy["p95"] < slow["p95"]


async def test_any_part_of_it_can_be_asked_for(ada: httpx.AsyncClient, three: list[dict[str, Any]]) -> None:
    busy, slow, new = (app["name"] for app in three)
    middle = await fleet(ada, sort="name", offset=1, limit=1)
    assert (names(middle), middle["offset"], middle["total"], middle["next"]) == ([busy], 1, 3, 2)
    last = await fleet(ada, sort="name", offset=2, limit=1)
    assert (names(last), last["next"]) == ([new], None)
    beyond = await fleet(ada, offset=500)
    assert (names(beyond), beyond["total"], beyond["next"]) == ([], 3, None)
    found = await fleet(ada, q=f"{slow.upper()} {slow[:3]}")
    assert (names(found), found["total"], found["counts"]) == ([slow], 1, {"draft": 3})


async def test_statuses_narrow_it(ada: httpx.AsyncClient, three: list[dict[str, Any]], opened_store: Store) -> None:
    await opened_store.apps.go_live(three[0]["id"], Live("version", 1, 1), utc_now())
    await ada.post(f"/api/apps/{three[0]['id']}/pause")
    assert names(await fleet(ada, status="paused")) == [three[0]["name"]]
    drafts = await fleet(ada, status="draft,error")
    assert (drafts["total"], drafts["counts"]) == (2, {"draft": 2, "paused": 1})


async def test_each_sees_their_own_and_an_administrator_all(
    ada: httpx.AsyncClient, bob: httpx.AsyncClient, admin: httpx.AsyncClient, three: list[dict[str, Any]]
) -> None:
    assert (await fleet(bob))["total"] == 0
    assert names(await fleet(admin, q=three[0]["name"])) == [three[0]["name"]]


@pytest.mark.parametrize(
    ("query", "status", "code", "said"),
    [
        ("status=awake", 422, "invalid", "status"),
        ("sort=size", 400, "bad_request", "sort"),
        ("offset=-1", 400, "bad_request", "offset"),
        ("limit=201", 400, "bad_request", "limit"),
        ("q=" + "x" * 201, 400, "bad_request", "q"),
    ],
)
async def test_bad_questions_are_refused(ada: httpx.AsyncClient, query: str, status: int, code: str, said: str) -> None:
    assert said in problem(await ada.get(f"/api/fleet?{query}"), status, code)["detail"]
