"""A platform to look at: many apps, one with a long file and very many request records, and a browser that is logged in."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import httpx
import msgspec
from playwright.sync_api import CDPSession, Page, Playwright

from tests.e2e.browser import chromium, log_in
from tests.support.account import Account
from tests.support.platform import Platform
from tools.pictures.history import told_to_control

USER: Final = "bench"
APP: Final = "busy"
LINES: Final = 5_000
Json = dict[str, Any]


@dataclass(frozen=True)
class Place:
    """The platform, its one busy app, and a way to tell control of records."""

    platform: Platform
    app_id: str
    ingest: httpx.Client

    @property
    def home(self) -> str:
        return self.platform.home

    def tell(self, lines: list[Json], instance: str) -> None:
        """Records as a node posts them. Raises httpx.HTTPStatusError when they are not taken."""
        for start in range(0, len(lines), 2_500):
            body = b"".join(msgspec.json.encode(line) + b"\n" for line in lines[start : start + 2_500])
            query = {"app": self.app_id, "version": "1", "instance": instance}
            self.ingest.post("/ingest", params=query, content=body).raise_for_status()

    @contextmanager
    def browser(self, playwright: Playwright, *, cached: bool = True) -> Iterator[tuple[Page, CDPSession]]:
        """A page that is logged in, with what Chromium tells of it."""
        with chromium(playwright, motion=True) as context:
            log_in(context, self.home, USER)
            page = context.new_page()
            told = context.new_cdp_session(page)
            told.send("Network.enable")
            told.send("Network.setCacheDisabled", {"cacheDisabled": not cached})
            yield page, told


@contextmanager
def stage(folder: Path, records: int, apps: int) -> Iterator[Place]:
    """Up and filled; ends with the block."""
    with Platform(folder / "data") as platform:
        account = Account(platform, USER)
        for number in range(apps):
            account.create(f"app-{number:04}")
        app = account.create(APP, {"app.py": long_file()})
        if account.deploy(APP)["status"] != "succeeded":
            raise RuntimeError("the app of the benchmark does not deploy")
        headers = {"Authorization": f"Bearer {told_to_control(platform, 'FP_INTERNAL_TOKEN')}"}
        url = f"http://127.0.0.1:{platform.named_ports()['internal']}"
        with httpx.Client(base_url=url, headers=headers, trust_env=False, timeout=120) as ingest:
            place = Place(platform, app["id"], ingest)
            place.tell([_record(number) for number in range(records)], "past")
            yield place


def long_file() -> str:
    """5,000 lines of Python within the 100 KB that a file may have; the app is at its top."""
    head = ["from fastapi import FastAPI", "", "app = FastAPI()", "", ""]
    body = [f"v{number} = {number} + 1" if number % 5 else "# ----" for number in range(LINES - len(head))]
    return "\n".join(head + body) + "\n"


def _record(number: int) -> Json:
    when, status = time.time() - 3600 + number / 30, 200 if number % 50 else 404
    return {
        "kind": "request", "id": f"{number:x}", "time": when, "method": "GET", "path": f"/items/{number}", "query": "",
        "status": status, "ms": 1.0 + number % 40, "bytes_in": 0, "bytes_out": 12, "cold_start_ms": None, "client": "9f2c",
    }  # fmt: skip
