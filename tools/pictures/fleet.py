"""The apps in the pictures: real ones, deployed and called, named as somebody would name them."""

from dataclasses import dataclass, field
from typing import Final

NOTES: Final = {
    "app.py": '''"""Notes, by their slug."""

import logging
import os
from datetime import datetime, timezone

from fastapi import FastAPI, HTTPException
from pydantic import BaseModel
from pymongo import MongoClient

from notes.importer import load
from notes.text import slugify

app = FastAPI(title="Notes")
log = logging.getLogger("notes")
db = MongoClient(os.environ["PLATFORM_MONGO_URI"]).get_default_database()


class Note(BaseModel):
    title: str
    body: str = ""
    stars: int = 0


@app.post("/notes", status_code=201)
def create(note: Note):
    doc = note.model_dump() | {"slug": slugify(note.title)}
    doc["created"] = datetime.now(timezone.utc)
    db.notes.insert_one(doc)
    log.info("kept %s", doc["slug"])
    return {"slug": doc["slug"]}


@app.get("/notes")
def newest(limit: int = 20):
    return list(db.notes.find({}, {"_id": 0}).sort("created", -1).limit(limit))


@app.get("/notes/{slug}")
def read(slug: str):
    doc = db.notes.find_one({"slug": slug}, {"_id": 0})
    if doc is None:
        raise HTTPException(404, f"no note called {slug}")
    return doc


@app.post("/notes/import")
def import_notes(rows: list[dict]):
    log.info("importing %d rows", len(rows))
    return {"stars": load(rows, db)}


@app.get("/")
def index():
    return {"notes": db.notes.estimated_document_count()}
''',
    "notes/__init__.py": "",
    "notes/text.py": '''"""Texts as addresses."""


def slugify(title: str) -> str:
    """Lower case, words joined by hyphens."""
    return "-".join("".join(c if c.isalnum() else " " for c in title.lower()).split())
''',
    "notes/importer.py": '''"""Many notes at once."""

import logging

from notes.text import slugify

log = logging.getLogger("notes.importer")


def load(rows, db):
    """Keep each row; the sum of their stars."""
    total = 0
    for number, row in enumerate(rows):
        if "stars" not in row:
            log.error("row %d has no stars", number)
        total += int(row["stars"])
        db.notes.insert_one(row | {"slug": slugify(row["title"])})
    return total
''',
    "static/style.css": "body { font: 16px/1.5 system-ui; margin: 2rem auto; max-width: 40rem; }\n",
}

_SMALL: Final = """from fastapi import FastAPI

app = FastAPI(title="{title}")


@app.get("/")
def index():
    return {{"app": "{title}"}}
"""

_BROKEN: Final = '''"""Orders, as the shop tells of them."""

import os

from fastapi import FastAPI

app = FastAPI(title="Shop webhooks")
secret = os.environ["SHOP_SECRET"]
'''


_UNFINISHED: Final = '''"""Something begun."""

from fastapi import FastAPI
import requests

app = FastAPI(title="Scratch")


@app.get("/")
def index():
    return requets.get("https://example.org").json(
'''


@dataclass(frozen=True)
class Seed:
    """An app: what is in it, how busy its last day was (requests an hour at noon), and how it is left."""

    name: str
    files: dict[str, str] = field(default_factory=dict)
    busy: int = 0
    left: str = "running"


def small(title: str) -> dict[str, str]:
    """One file that answers."""
    return {"app.py": _SMALL.format(title=title)}


FLEET: Final = (
    Seed("scratch", {"app.py": _UNFINISHED}, 0, "draft"),
    Seed("course-week-4", small("Course, week 4"), 0, "sleeping"),
    Seed("htmx-board", small("Board"), 1, "sleeping"),
    Seed("shop-webhooks", {"app.py": _BROKEN}, 0, "error"),
    Seed("lab-sensors", small("Lab sensors"), 180),
    Seed("weather-proxy", small("Weather"), 2, "sleeping"),
    Seed("reading-list", small("Reading list"), 14),
    Seed("invoice-hook", small("Invoices"), 2, "sleeping"),
    Seed("notes-api", NOTES, 75),
)
