"""The apps that are measured: one as people write them, one that does nothing, so that what surrounds it shows."""

from typing import Final

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
