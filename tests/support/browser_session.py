"""A browser's session over HTTP: cookies and the CSRF token, as the page sends them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx

from tests.support.api_process import Api, new_address, new_name

PASSWORD = "correct horse"


@asynccontextmanager
async def browser(api: Api, username: str | None = None, path: str = "signup") -> AsyncIterator[httpx.AsyncClient]:
    """A client that signed up (or logged in) as a page does; `headers["x-username"]` says as whom."""
    async with api.client() as client:
        name = username or new_name()
        page = {"Sec-Fetch-Site": "same-origin", "User-Agent": "Mozilla/5.0 of the tests"}
        client.headers.update({**page, "X-Forwarded-For": new_address(), "X-Username": name})
        answer = await client.post(f"/api/auth/{path}", json={"username": name, "password": PASSWORD})
        assert answer.is_success, answer.text
        client.headers["X-CSRF-Token"] = client.cookies["fp_csrf"]
        yield client
