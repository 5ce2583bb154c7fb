"""Pages of real apps tell chats what is set for them, and the app itself knows nothing of it."""

import json

import httpx

from tests.integration.runner.harness import Platform
from tests.integration.runner.test_apps import FASTHTML
from tests.unit.runner.test_sharing import OURS, Metas

TOLD = {"title": 'Notes "& more" <script>', "description": "Ä description", "picture": "/static/og.png"}
ENV = {"FP_SHARING": json.dumps(TOLD), "MINE": "1"}
FASTAPI = """
import os
from fastapi import FastAPI
from fastapi.responses import HTMLResponse, StreamingResponse
app = FastAPI()
PAGE = "<!doctype html><html><head><title>x</title></head><body>hello</body></html>"

@app.api_route("/", methods=["GET", "HEAD"], response_class=HTMLResponse)
def page():
    return PAGE

@app.get("/stream")
def stream():
    return StreamingResponse((PAGE[n:n + 7] for n in range(0, len(PAGE), 7)), media_type="text/html")

@app.get("/own", response_class=HTMLResponse)
def own():
    return PAGE.replace("<title>", '<meta property="og:title" content="mine"><title>')

@app.get("/env")
def env():
    return {name: value for name, value in os.environ.items() if name == "MINE" or name.startswith("FP_")}
"""
STATIC = "<!doctype html><html><head><title>static</title></head><body></body></html>"


async def told_at(http: httpx.AsyncClient, url: str) -> dict[str | None, str | None]:
    answer = await http.get(url)
    assert answer.status_code == 200
    assert int(answer.headers.get("content-length", len(answer.content))) == len(answer.content)
    return Metas(answer.text).told


async def test_pages_of_an_app_tell_its_title_description_and_picture(
    platform: Platform, http: httpx.AsyncClient
) -> None:
    app = await platform.serve({"app.py": FASTAPI, "static/page.html": STATIC}, env=ENV)
    for path in ("/", "/stream", "/static/page.html"):
        told = await told_at(http, app.base + path)
        assert told["og:title"] == TOLD["title"]
        assert told["og:description"] == TOLD["description"]
        assert told["og:image"] == app.base + "/static/og.png"
        assert told["og:url"] == app.base + path
        assert told["twitter:card"] == "summary_large_image"
    assert (await told_at(http, app.base + "/own"))["og:title"] == "mine"
    assert "og:image" not in await told_at(http, app.base + "/own")
    head = await http.head(app.base + "/")
    assert (head.status_code, head.content) == (200, b"")
    assert (await http.get(app.base + "/env")).json() == {"MINE": "1"}
    page = (await http.get(app.base + "/static/page.html")).headers
    again = await http.get(app.base + "/static/page.html", headers={"If-None-Match": page["etag"]})
    assert (page["etag"][:3], again.status_code) == ('W/"', 304)


async def test_a_page_of_fasthtml_tells_it_too(platform: Platform, http: httpx.AsyncClient) -> None:
    plain, told = await platform.serve(FASTHTML), await platform.serve(FASTHTML, env=ENV)
    with_tags = (await http.get(told.base)).text
    without = (await http.get(plain.base)).text
    assert "og:title" not in without
    assert Metas(with_tags).told["og:title"] == TOLD["title"]
    assert OURS.sub(b"", with_tags.encode()).decode() == without.replace(plain.base[7:], told.base[7:])
