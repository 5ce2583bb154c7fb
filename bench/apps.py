"""The apps that are measured: bare ASGI that does nothing, so that what surrounds it shows, and apps as people write them."""

from typing import Final

BARE: Final = """\
import os

BODY = b'{"hello": "world", "pid": %d}' % os.getpid()
HEADERS = [(b"content-type", b"application/json"), (b"content-length", str(len(BODY)).encode())]


async def app(scope, receive, send):
    if scope["type"] != "http":
        raise RuntimeError("http only")
    await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
    await send({"type": "http.response.body", "body": BODY})
"""

TYPICAL: Final = """\
import os

from fastapi import FastAPI
from pydantic import BaseModel

app = FastAPI()


class Note(BaseModel):
    title: str
    body: str = ""


@app.get("/")
def home():
    return {"hello": "world", "pid": os.getpid()}


@app.post("/notes")
def create(note: Note):
    return note
"""

_HEAD: Final = """\
from datetime import datetime

from fastapi import FastAPI, HTTPException
from pydantic import BaseModel, Field

app = FastAPI()


@app.get("/")
def home():
    return {"hello": "world"}
"""

_THING: Final = """

class {name}(BaseModel):
    id: int
    title: str = Field(min_length=1, max_length=80)
    made: datetime
    tags: list[str] = []


@app.get("/{path}", response_model=list[{name}])
def list_{path}(limit: int = 50):
    return []


@app.post("/{path}", status_code=201)
def make_{path}(thing: {name}) -> {name}:
    return thing
"""

ROUTES: Final = _HEAD + "".join(
    _THING.format(name=name, path=name.lower())
    for name in ("User", "Team", "Board", "Card", "Label", "Note", "Task", "Comment", "Upload", "Invoice")
)
"""Ten models, twenty routes and the front page."""

FASTHTML: Final = """\
from fasthtml.common import H1, P, Titled, fast_app

app, rt = fast_app()


@rt("/")
def get():
    return Titled("Hello", H1("Hello"), P("world"))
"""

PANDAS: Final = """\
import pandas as pd
from fastapi import FastAPI

app = FastAPI()
MOONS = pd.DataFrame({"planet": ["Earth", "Mars", "Jupiter"], "moons": [1, 2, 97]})


@app.get("/")
def home():
    return {"hello": "world", "moons": int(MOONS["moons"].sum())}
"""

ECHO: Final = """\
import os


async def app(scope, receive, send):
    if scope["type"] != "http":
        raise RuntimeError("http only")
    body = b"%d %s" % (os.getpid(), scope["query_string"])
    headers = [(b"content-type", b"text/plain"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})
"""
"""Says which process answers which question, so that no answer can be mistaken for another's."""
