"""A runner that ships its own records: whole lines, in order, again after an outage, and those of a process that was killed."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from cluster.credentials import ingest_credential
from runner.shipper import Shipper, Target, left_behind
from runner.spool import Spool
from tests.support.node_ingest import Ingest, until


@pytest.fixture
async def ingest() -> AsyncIterator[Ingest]:
    """Control's part."""
    made = Ingest("token")
    yield made
    await made.aclose()


def target(port: int, credential: str | None = None) -> Target:
    """This instance's."""
    own = ingest_credential("token", "a", 3, "i1")
    return Target(f"127.0.0.1:{port}", own if credential is None else credential, "a", 3, "i1")


def texts(ingest: Ingest) -> list[str]:
    return [line["text"] for line in ingest.of("a")]


async def test_lines_are_shipped_while_the_app_serves(tmp_path: Path, ingest: Ingest) -> None:
    spool = Spool(tmp_path)
    shipper = Shipper(tmp_path, target(await ingest.start()))
    shipper.start()
    spool.log("info", "first", None)
    await until(lambda: texts(ingest) == ["first"])
    spool.log("info", "second", None)
    await until(lambda: texts(ingest) == ["first", "second"])
    assert await asyncio.to_thread(shipper.finish, 5)
    assert [query["instance"] for query, _ in ingest.lines] == ["i1", "i1"]


async def test_what_control_does_not_take_is_sent_again(tmp_path: Path, ingest: Ingest) -> None:
    spool = Spool(tmp_path)
    port = await ingest.start()
    ingest.answer = 503
    shipper = Shipper(tmp_path, target(port))
    shipper.start()
    spool.log("info", "kept", None)
    await until(lambda: ingest.refused >= 1)
    ingest.answer = 204
    assert await asyncio.to_thread(shipper.finish, 10)
    assert texts(ingest) == ["kept"]


async def test_it_gives_up_in_time_where_control_stays_away(tmp_path: Path, ingest: Ingest) -> None:
    spool = Spool(tmp_path)
    port = await ingest.start()
    await ingest.aclose()
    spool.log("info", "kept", None)
    spool.close()
    assert not await asyncio.to_thread(Shipper(tmp_path, target(port)).finish, 0.5)
    await ingest.start(port)
    assert await asyncio.to_thread(Shipper(tmp_path, target(port)).finish, 5)
    assert texts(ingest) == ["kept"]


async def test_all_segments_go_and_half_a_line_stays(tmp_path: Path, ingest: Ingest) -> None:
    port = await ingest.start()
    for number in range(3):
        lines = [
            json.dumps({"kind": "log", "id": f"{number}{index}", "time": 1.0, "text": f"{number}-{index}"})
            for index in range(2)
        ]
        (tmp_path / f"00000{number}.ndjson").write_text("\n".join([*lines, ""]))
    with (tmp_path / "000002.ndjson").open("a") as file:
        file.write('{"kind":"log","te')
    assert await asyncio.to_thread(Shipper(tmp_path, target(port)).finish, 5)
    assert texts(ingest) == [f"{number}-{index}" for number in range(3) for index in range(2)]
    assert [path.name for path in tmp_path.iterdir()] == []  # noqa: ASYNC240 - nothing else runs


async def test_the_process_that_comes_after_knows_where_to_ship_to(tmp_path: Path) -> None:
    assert left_behind(tmp_path) is None
    target(9).write(tmp_path)
    assert left_behind(tmp_path) == target(9)
    (tmp_path / "target.json").write_text("{")
    assert left_behind(tmp_path) is None


async def test_another_instances_credential_is_refused(tmp_path: Path, ingest: Ingest) -> None:
    port = await ingest.start()
    Spool(tmp_path).log("info", "forged", None)
    forged = target(port, ingest_credential("token", "a", 3, "i2"))
    assert not await asyncio.to_thread(Shipper(tmp_path, forged).finish, 0.5)
    assert texts(ingest) == []
