"""Each template as a person meets it: an app made from it, deployed, and called at its own address through the front door."""

import asyncio
import base64
import json
from collections.abc import AsyncIterator, Iterator
from typing import Any

import httpx
import pytest
import websockets

from control.templates import load_templates
from tests.integration.api.checks import problem
from tests.support.api_front import FrontedStack
from tests.support.api_process import sign_up
from tests.support.api_stack import deployed, until
from tests.support.control_mongo import MongoServer

TEMPLATES = load_templates()
OURS = list(TEMPLATES)
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FrontedStack]:
    with (
        MongoServer(tmp_path_factory.mktemp("mongo")) as mongo,
        FrontedStack(mongo.start(), tmp_path_factory.mktemp("fp")) as running,
    ):
        yield running


@pytest.fixture(scope="module")
async def eve(stack: FrontedStack) -> AsyncIterator[httpx.AsyncClient]:
    async with stack.api.client((await sign_up(stack.api, "eve"))["token"]) as client:
        client.timeout = httpx.Timeout(60)
        yield client


LIBRARIES = "https://cdn.jsdelivr.net/"
"""Where HTMX and what FastHTML needs beside it come from."""


@pytest.fixture(scope="module", autouse=True)
async def apps(stack: FrontedStack, eve: httpx.AsyncClient) -> None:
    """One app of each template, called like it, all deployed at once."""

    async def publish(template: str) -> dict[str, Any]:
        made = await eve.post("/api/apps", json={"name": template, "template": template})
        assert made.status_code == 201, made.text
        return await deployed(eve, template)

    ended = await asyncio.gather(*map(publish, OURS))
    assert [deploy["status"] for deploy in ended] == ["succeeded"] * len(OURS), f"{ended} {stack.logs()}"


async def asked(stack: FrontedStack, app: str, method: str, path: str, **more: Any) -> httpx.Response:
    async with stack.visitor(app) as visitor:
        return await visitor.request(method, path, **more)


@pytest.mark.parametrize("template", OURS)
async def test_every_example_works_right_after_the_first_deploy(
    stack: FrontedStack, eve: httpx.AsyncClient, template: str
) -> None:
    examples = (await eve.get(f"/api/templates/{template}")).json()["examples"]
    assert len(examples) >= 2
    for example in examples:
        body = {"content": example["body"]} if example["body"] else {}
        json_type = {"Content-Type": "application/json"} if example["body"] else {}
        headers = json_type | example["headers"]
        answer = await asked(stack, template, example["method"], example["path"], headers=headers, **body)
        assert answer.status_code < 400, f"{example} {answer.text}"


@pytest.mark.parametrize("template", [name for name in OURS if TEMPLATES[name].category in {"page", "realtime"}])
async def test_a_page_loads_what_it_names_and_nothing_from_elsewhere_but_htmx(
    stack: FrontedStack, template: str
) -> None:
    page = (await asked(stack, template, "GET", "/")).text
    assert page.lstrip().lower().startswith("<!doctype html>")
    assert "color-scheme: light dark" in TEMPLATES[template].files["static/style.css"]
    named = [part.partition('"')[0] for name in ("src", "href") for part in page.split(f'{name}="')[1:]]
    loaded = [url for url in named if url.startswith("/static/")]
    assert loaded
    for url in loaded:
        assert (await asked(stack, template, "GET", url)).status_code == 200, url
    elsewhere = [url for url in named if "//" in url and not url.startswith(LIBRARIES)]
    assert elsewhere == [], "something comes from elsewhere"


async def test_htmx_swaps_the_list_and_a_plain_form_gets_the_page(stack: FrontedStack) -> None:
    by_htmx = await asked(stack, "htmx", "POST", "/items", headers=FORM | {"HX-Request": "true"}, content="name=<b>Tea")
    assert by_htmx.text.lstrip().startswith('<ul id="list"')
    assert "&lt;b&gt;Tea" in by_htmx.text
    url = by_htmx.text.partition('action="')[2].partition('"')[0]
    plain = await asked(stack, "htmx", "POST", url)
    assert (plain.status_code, plain.headers["location"]) == (303, "/")
    assert 'class="done"' in (await asked(stack, "htmx", "GET", "/items")).text
    await asked(stack, "htmx", "POST", url.replace("toggle", "delete"))
    assert "&lt;b&gt;Tea" not in (await asked(stack, "htmx", "GET", "/items")).text
    assert (await asked(stack, "htmx", "POST", "/items/x/delete")).status_code == 404


async def test_a_webhook_believes_only_what_was_signed_and_stores_it_once(stack: FrontedStack) -> None:
    signed = dict(TEMPLATES["webhook"].examples[0].headers) | {"X-GitHub-Delivery": "number-7"}
    body = TEMPLATES["webhook"].examples[0].body
    first = await asked(stack, "webhook", "POST", "/hooks/test", headers=signed, content=body)
    again = await asked(stack, "webhook", "POST", "/hooks/test", headers=signed, content=body)
    assert (first.status_code, first.json()) == (202, {"id": "test:number-7", "repeated": False})
    assert again.json() == {"id": "test:number-7", "repeated": True}
    forged = await asked(stack, "webhook", "POST", "/hooks/test", headers=signed, content=f"{body} ")
    unsigned = await asked(stack, "webhook", "POST", "/hooks/test", content=body)
    assert {forged.status_code, unsigned.status_code} == {401}
    big = await asked(stack, "webhook", "POST", "/hooks/test", headers=signed, content=b"x" * 300_000)
    assert big.status_code == 413
    owner = {"Authorization": "Bearer change-me"}
    listed = (await asked(stack, "webhook", "GET", "/deliveries?source=test", headers=owner)).json()
    assert [(delivery["id"], delivery["body"]) for delivery in listed] == [("test:number-7", body)]
    nosy = await asked(stack, "webhook", "GET", "/deliveries", headers={"Authorization": "Bearer guess"})
    assert nosy.status_code == 403


async def test_a_job_called_at_once_from_everywhere_runs_once(stack: FrontedStack) -> None:
    for value in (2, 3):
        await asked(stack, "job", "POST", "/events", json={"name": "sale", "value": value})
    await asked(stack, "job", "POST", "/jobs/report?day=2020-02-29")
    runs = await asyncio.gather(*(asked(stack, "job", "POST", "/jobs/report?day=2020-02-28") for _ in range(8)))
    assert {run.status_code for run in runs} == {200}
    assert {run.json()["attempts"] for run in runs} == {1}
    listed = (await asked(stack, "job", "GET", "/runs")).json()
    assert len([run for run in listed if run["id"] == "report:2020-02-28"]) == 1
    assert [run["status"] for run in listed if run["id"] == "report:2020-02-29"] == ["succeeded"]
    assert (await asked(stack, "job", "POST", "/jobs/report?day=soon")).status_code == 422


async def test_people_in_the_chat_hear_one_another_and_who_comes_later_reads_it(stack: FrontedStack) -> None:
    async def connect() -> websockets.ClientConnection:
        port = stack.api.door_port
        return await websockets.connect(
            f"ws://chat.localhost:{port}/room", host="127.0.0.1", port=port, proxy=None, open_timeout=60
        )

    async def heard(socket: websockets.ClientConnection, text: str) -> dict[str, str]:
        async with asyncio.timeout(30):
            async for frame in socket:
                message: dict[str, str] = json.loads(frame)
                if message["text"] == text:
                    return message
        raise AssertionError("the socket was closed")

    first, second = await connect(), await connect()
    await first.send('{"name": "Ada", "text": "<i>hello"}')
    told = await asyncio.gather(heard(first, "<i>hello"), heard(second, "<i>hello"))
    assert {message["name"] for message in told} == {"Ada"}
    late = await connect()
    assert (await heard(late, "<i>hello"))["name"] == "Ada"
    await second.send('{"name": "", "text": "nobody"}')
    with pytest.raises(websockets.ConnectionClosedError):
        await heard(second, "never said")
    assert second.close_code == 1008
    for socket in (first, second, late):
        await socket.close()


async def test_files_come_back_as_they_were_and_as_downloads_only(stack: FrontedStack) -> None:
    content = bytes(range(256)) * 2000
    made = (
        await asked(stack, "upload", "POST", "/api/files", files={"file": ("../a ü.html", content, "text/html")})
    ).json()
    assert (made["name"], made["bytes"]) == ("a ü.html", len(content))
    back = await asked(stack, "upload", "GET", f"/files/{made['id']}")
    assert back.content == content
    assert back.headers["content-disposition"] == "attachment; filename*=UTF-8''a%20%C3%BC.html"
    assert back.headers["x-content-type-options"] == "nosniff"
    big = await asked(stack, "upload", "POST", "/files", files={"file": ("big", b"x" * 5_400_000)})
    assert big.status_code == 413
    assert (await asked(stack, "upload", "POST", f"/files/{made['id']}/delete")).status_code == 303
    assert (await asked(stack, "upload", "GET", f"/files/{made['id']}")).status_code == 404
    assert (await asked(stack, "upload", "GET", "/files/x")).status_code == 404


async def test_only_a_key_that_was_made_and_not_withdrawn_opens(stack: FrontedStack) -> None:
    admin = {"X-Admin-Key": "change-me"}
    made = (await asked(stack, "keys", "POST", "/keys", headers=admin, json={"name": "test"})).json()
    caller = {"X-API-Key": made["key"]}
    assert (await asked(stack, "keys", "GET", "/me", headers=caller)).json()["uses"] == 1
    listed = await asked(stack, "keys", "GET", "/keys", headers=admin)
    assert made["key"] not in listed.text
    assert made["id"] in listed.text
    assert (await asked(stack, "keys", "DELETE", f"/keys/{made['id']}", headers=admin)).status_code == 204
    assert (await asked(stack, "keys", "GET", "/me", headers=caller)).status_code == 403
    assert (await asked(stack, "keys", "POST", "/keys", headers=caller, json={"name": "x"})).status_code in {401, 403}
    assert (await asked(stack, "keys", "GET", "/keys", headers={"X-Admin-Key": "x"})).status_code == 403


async def test_the_dashboard_draws_what_it_was_sent(stack: FrontedStack) -> None:
    for value in (1, 5, 3):
        await asked(stack, "dashboard", "POST", "/api/points", json={"series": "coffee", "value": value})
    page = (await asked(stack, "dashboard", "GET", "/")).text
    assert "coffee: 3 numbers from 1 to 5, now 3" in page
    assert page.count("<svg") >= 2
    assert (await asked(stack, "dashboard", "GET", "/api/series")).json()["coffee"] == [1, 5, 3]
    forged = await asked(stack, "dashboard", "POST", "/api/points", json={"series": "<script>", "value": 1})
    assert forged.status_code == 422


async def test_a_short_link_leads_to_its_address_and_counts(stack: FrontedStack) -> None:
    await asked(stack, "links", "POST", "/links", headers=FORM, content="url=https%3A%2F%2Fexample.com%2Fx&name=short")
    followed = await asked(stack, "links", "GET", "/short")
    assert (followed.status_code, followed.headers["location"]) == (302, "https://example.com/x")
    assert "1 visits" in (await asked(stack, "links", "GET", "/")).text
    for url in ("javascript%3Aalert(1)", "https%3A%2F%2F", "%2Fhere"):
        refused = await asked(stack, "links", "POST", "/links", headers=FORM, content=f"url={url}&name=evil")
        assert "fault" in refused.headers["location"]
    assert (await asked(stack, "links", "GET", "/evil")).status_code == 404
    again = await asked(stack, "links", "POST", "/links", headers=FORM, content="url=https%3A%2F%2Fx.org&name=short")
    assert "taken" in again.headers["location"]


async def test_hello_is_typed(stack: FrontedStack) -> None:
    assert (await asked(stack, "hello", "POST", "/sum", json={"numbers": [1, 2]})).json() == {"count": 2, "total": 3.0}
    assert (await asked(stack, "hello", "POST", "/sum", json={"numbers": ["x"]})).status_code == 422
    assert (await asked(stack, "hello", "GET", "/hello/Ada?excited=true")).json() == {"message": "Hello, Ada!"}


async def test_todo_keeps_changes_and_forgets(stack: FrontedStack) -> None:
    made = (await asked(stack, "todo", "POST", "/todos", json={"title": "milk"})).json()
    url = f"/todos/{made['id']}"
    assert (made["title"], made["done"]) == ("milk", False)
    assert (await asked(stack, "todo", "PATCH", url, json={"done": True})).json()["done"] is True
    assert (await asked(stack, "todo", "PATCH", url, json={})).json()["done"] is True
    assert [todo["id"] for todo in (await asked(stack, "todo", "GET", "/todos?done=true")).json()] == [made["id"]]
    assert (await asked(stack, "todo", "DELETE", url)).status_code == 204
    for method, body in (("GET", None), ("PATCH", {"done": True}), ("DELETE", None)):
        assert (await asked(stack, "todo", method, url, json=body)).status_code == 404
        assert (await asked(stack, "todo", method, "/todos/not-an-id", json=body)).status_code == 404
    assert (await asked(stack, "todo", "POST", "/todos", json={"title": ""})).status_code == 422


async def test_notes_are_pages_that_escape_what_people_write(stack: FrontedStack) -> None:
    form = "title=%3Cb%3EMilk&text=two+litres"
    made = await asked(stack, "notes", "POST", "/notes", headers=FORM, content=form)
    assert (made.status_code, made.headers["location"]) == (303, "/")
    (note,) = (await asked(stack, "notes", "GET", "/api/notes?q=MILK")).json()
    assert "&lt;b&gt;Milk" in (await asked(stack, "notes", "GET", "/")).text
    await asked(stack, "notes", "POST", f"/notes/{note['id']}", headers=FORM, content="title=Bread&text=")
    assert "Bread" in (await asked(stack, "notes", "GET", f"/notes/{note['id']}")).text
    assert (await asked(stack, "notes", "GET", "/static/style.css")).headers["content-type"].startswith("text/css")
    await asked(stack, "notes", "POST", f"/notes/{note['id']}/delete")
    assert (await asked(stack, "notes", "GET", f"/notes/{note['id']}")).status_code == 404
    assert (await asked(stack, "notes", "GET", "/notes/x")).status_code == 404


async def test_the_counter_counts_with_and_without_htmx(stack: FrontedStack) -> None:
    page = (await asked(stack, "counter", "GET", "/")).text
    before = int(page.partition('id="number">')[2].partition("<")[0])
    fragment = await asked(stack, "counter", "POST", "/add/1", headers={"HX-Request": "true"})
    assert fragment.text.strip() == f'<output id="number">{before + 1}</output>'
    plain = await asked(stack, "counter", "POST", "/add/1")
    assert (plain.status_code, plain.headers["location"]) == (303, "/")
    assert f'id="number">{before + 2}<' in (await asked(stack, "counter", "GET", "/")).text


# --- the test panel, on the same stack -------------------------------------------------------------------------------


async def test_the_panel_tells_the_wake_and_the_record(stack: FrontedStack, eve: httpx.AsyncClient) -> None:
    assert (await eve.post("/api/apps/hello/sleep")).status_code == 200
    sent = {"method": "POST", "path": "/sum", "headers": {"Content-Type": "application/json"}}
    body = base64.b64encode(b'{"numbers": [1, 2]}').decode()
    told = (await eve.post("/api/apps/hello/test", json=sent | {"body": body, "body_encoding": "base64"})).json()
    assert (told["status"], json.loads(told["body"])["total"]) == (200, 3.0)
    phases = {phase["name"]: phase["ms"] for phase in told["phases"]}
    assert 0 < phases["wake"] <= told["cold_start_ms"]
    assert "fp-request-id" not in {name.lower() for name, _ in told["headers"]}

    async def recorded() -> Any:
        items = (await eve.get("/api/apps/hello/requests")).json()["items"]
        return [item for item in items if item["id"] == told["request_id"]]

    (record,) = await until(recorded)
    assert (record["method"], record["path"], record["cold_start_ms"]) == ("POST", "/sum", told["cold_start_ms"])


async def test_an_apps_own_openapi_is_kept_for_its_version(stack: FrontedStack, eve: httpx.AsyncClient) -> None:
    url = "/api/apps/keys/openapi"
    assert (await eve.post("/api/apps/keys/sleep")).status_code == 200
    problem(await eve.get(url), 409, "conflict")
    first = (await eve.get(url, params={"wake": "true"})).json()
    assert (first["version"], first["document"]["info"]["title"]) == (1, "API keys")
    assert "/me" in first["document"]["paths"]
    assert (await eve.post("/api/apps/keys/sleep")).status_code == 200
    assert (await eve.get(url)).json() == first, "a sleeping app that was asked before is asked again"
    assert (await eve.get("/api/apps/keys/status")).json()["status"] == "sleeping"
    code = "from fastapi import FastAPI\n\napp = FastAPI(title='Second')\n"
    await eve.put("/api/apps/keys/draft", json={"files": {"app.py": code}})
    assert (await deployed(eve, "keys"))["status"] == "succeeded"
    second = (await eve.get(url, params={"wake": "true"})).json()
    assert (second["version"], second["document"]["info"]["title"]) == (2, "Second")


async def test_an_app_that_falls_asleep_meanwhile_is_not_woken_to_be_asked(eve: httpx.AsyncClient) -> None:
    """It is asked as somebody asks who only guesses, for whom the door wakes nothing."""
    code = "from fastapi import FastAPI, Request\n\napp = FastAPI(openapi_url=None)\n\n"
    code += "@app.get('/openapi.json')\ndef told(request: Request):\n"
    code += "    return {'openapi': '3.1.0', 'purpose': request.headers.get('sec-purpose')}\n"
    await eve.post("/api/apps", json={"name": "guessed"})
    for wake, purpose in (("false", "prefetch"), ("true", None)):
        await eve.put("/api/apps/guessed/draft", json={"files": {"app.py": f"{code}# {wake}\n"}})
        assert (await deployed(eve, "guessed"))["status"] == "succeeded"
        told = await eve.get("/api/apps/guessed/openapi", params={"wake": wake})
        assert told.json()["document"]["purpose"] == purpose, told.text


async def test_an_app_without_openapi_says_how_to_have_one(eve: httpx.AsyncClient) -> None:
    told = problem(await eve.get("/api/apps/links/openapi?wake=true"), 404, "not_found")
    assert "404" in told["detail"]
    assert "FastAPI" in told["hint"]
    pages = "async def app(scope, receive, send):\n"
    pages += "    await send({'type': 'http.response.start', 'status': 200, 'headers': []})\n"
    pages += "    path = scope['path']\n    body = b'[' * 90_000 + b']' * 90_000 if path == '/openapi.json' else b''\n"
    pages += "    await send({'type': 'http.response.body', 'body': b'{\"openapi\": ' + body + b'}'})\n"
    await eve.put("/api/apps/links/draft", json={"files": {"app.py": pages}})
    assert (await deployed(eve, "links"))["status"] == "succeeded"
    told = problem(await eve.get("/api/apps/links/openapi?wake=true"), 404, "not_found")
    assert "no OpenAPI document" in told["detail"]
