"""The audit log on bad days: MongoDB away, the queue full, the process told to stop."""

import asyncio
import gc
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from control.api.audit_log import AuditLog, Noted
from control.domain.clock import utc_now
from control.store import open_store
from control.store.audit import AuditFilter
from fp.api.admin import AuditEntry
from tests.support.api_process import Api, sign_up
from tests.support.control_mongo import SECRET_KEY, MongoServer


def entry(name: str, status: int | None = 200) -> Noted:
    return Noted(
        AuditEntry(
            id=name, time=utc_now(), user=None, username="", credential="", address="", method="POST", route="/",
            operation=name, status=status, request_id=name,
        )
    )  # fmt: skip


@asynccontextmanager
async def running(log: AuditLog) -> AsyncIterator["asyncio.Task[None]"]:
    task = asyncio.create_task(log.run())
    try:
        yield task
    finally:
        task.cancel()
        await asyncio.wait({task})


# A connect that the driver itself cancels leaves its socket to the garbage collector, which complains.
@pytest.mark.filterwarnings("ignore:Exception ignored in. <socket:pytest.PytestUnraisableExceptionWarning")
async def test_entries_wait_for_mongodb_and_what_cannot_wait_is_logged(tmp_path: Path) -> None:
    with MongoServer(tmp_path / "mongo") as server:
        server.start()
        async with open_store(server.uri, SECRET_KEY, timeout_seconds=0.3) as store:
            log = AuditLog(store, queued=3)
            async with running(log) as task:
                log.note(entry("before"))
                assert await log.flush(5)
                await asyncio.to_thread(server.stop, signal.SIGKILL)
                log.note(entry("waits"))
                assert not await log.flush(0.2)
                with capture_logs() as logged:
                    for number in range(4):
                        log.note(entry(f"queued-{number}"))
                assert [line["entry"]["id"] for line in logged if line["event"] == "audit entry not stored"] == [
                    "queued-3"
                ]
                await asyncio.to_thread(server.start)
                assert await log.flush(30)
                stored = {one.id for one in (await store.audit.page(AuditFilter())).items}
                assert stored == {"before", "waits", "queued-0", "queued-1", "queued-2"}
                await asyncio.to_thread(server.stop, signal.SIGKILL)
                log.note(entry("too-late"))
                with capture_logs() as logged:
                    await log.close(task, 0.2)
                assert [line["entry"]["id"] for line in logged if "entry" in line] == ["too-late"]
    gc.collect()


async def test_a_clean_stop_loses_nothing(tmp_path: Path) -> None:
    with MongoServer(tmp_path / "mongo") as server, Api(server.start(), tmp_path) as api:
        token = (await sign_up(api.start(), "admin"))["token"]
        async with api.client(token) as client:
            answers = await asyncio.gather(*(client.post("/api/apps", json={"name": "-"}) for _ in range(40)))
        assert api.stop() == 0
        async with open_store(server.uri, SECRET_KEY) as store:
            stored = {one.id for one in (await store.audit.page(AuditFilter(), limit=200)).items}
        assert {answer.headers["x-request-id"] for answer in answers} < stored
