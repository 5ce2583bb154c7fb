import { describe, expect, it } from "vitest";
import { definitionOf, fileNamed, referenceAt } from "./definition";
import { type Files, Project } from "./project";
import { type Meaning, Resolver } from "./resolve";

const FILES: Record<string, string> = {
  "app.py": `import os
from fastapi import FastAPI, Request
from fastapi.templating import Jinja2Templates
from pymongo import MongoClient
import notes.text
from notes import Note, text as words
from notes.text import slugify as slug
from config import settings, again
from shapes import *

app = FastAPI()
db = MongoClient(os.environ["PLATFORM_MONGO_URI"]).get_default_database()
pages = Jinja2Templates("templates")


@app.get("/")
def read(request: Request, note: Note):
    found = db.notes
    return slug(note.title)


class Book(Note):
    def shelf(self):
        self.title
`,
  "notes/__init__.py": "from .text import Note, slugify\n",
  "notes/text.py":
    "LIMIT = 3\n\ndef slugify(text: str, limit: int = LIMIT) -> str:\n    'Short.'\n    return text\n\nclass Note:\n    title: str\n    def shout(self): pass\n\ndef make() -> Note: ...\n",
  "config.py": "settings = load()\nfrom config import again\n",
  "shapes.py": "class Circle: pass\n",
  "templates/index.html": "",
};

const resolver = new Resolver(new Project(() => FILES as Files));
const END = FILES["app.py"]?.length ?? 0;
const inside = (FILES["app.py"] ?? "").indexOf("found");

function said(meaning: Meaning | null): string {
  if (!meaning) return "nothing";
  if (meaning.what === "module") return `module ${meaning.module}`;
  const name = meaning.what === "symbol" ? `${meaning.path}:${meaning.symbol.name}` : `known ${meaning.known.name}`;
  return meaning.instance ? `a ${name}` : name;
}

describe("evaluate", () => {
  it.each([
    ["app", "a known FastAPI"],
    ["app.get", "known get"],
    ["db", "a known Database"],
    ["db.notes", "a known Collection"],
    ['db["notes"].find', "known find"],
    ["db.notes.find({}).sort('a')", "a known Cursor"],
    ["notes.text.slugify", "notes/text.py:slugify"],
    ["words.LIMIT", "a notes/text.py:LIMIT"],
    ["slug", "notes/text.py:slugify"],
    ["Note", "notes/text.py:Note"],
    ["Note().shout", "notes/text.py:shout"],
    ["words.make().shout", "notes/text.py:shout"],
    ["Book().title", "a known str"],
    ["Circle", "shapes.py:Circle"],
    ["os.environ", "known environ"],
    ["settings", "a config.py:settings"],
    ["again", "nothing"],
    ["nothing.at.all", "nothing"],
    ["print", "known print"],
  ])("%s is %s", (expression, meaning) => {
    expect(said(resolver.evaluate("app.py", expression, END))).toBe(meaning);
  });

  it("knows parameters by their annotations, inside of their function only", () => {
    expect(said(resolver.evaluate("app.py", "request.query_params", inside))).toBe("known query_params");
    expect(said(resolver.evaluate("app.py", "note", inside))).toBe("a notes/text.py:Note");
    expect(said(resolver.evaluate("app.py", "found", inside + 30))).toBe("a known Collection");
    expect(said(resolver.evaluate("app.py", "note", END))).toBe("nothing");
  });
});

describe("definitionOf", () => {
  const at = (dotted: string, pos = END, path = "app.py") => {
    const place = definitionOf(resolver, path, dotted, pos);
    return place && `${place.path}:${FILES[place.path]?.slice(place.from, place.to)}`;
  };

  it("goes through imports and new names to where the name is made", () => {
    expect(at("slug")).toBe("notes/text.py:slugify");
    expect(at("Note")).toBe("notes/text.py:Note");
    expect(at("settings")).toBe("config.py:settings");
    expect(at("Circle")).toBe("shapes.py:Circle");
    expect(at("notes.text.LIMIT")).toBe("notes/text.py:LIMIT");
    expect(at("words")).toBe("notes/text.py:");
    expect(at("app")).toBe("app.py:app");
    expect(at("note", inside)).toBe("app.py:note");
    expect(at("note.title", inside)).toBe("notes/text.py:title");
    expect(at("self.title", END - 3)).toBe("notes/text.py:title");
    expect(at("FastAPI")).toBeNull();
    expect(at("again")).toBe("config.py:again");
  });
});

describe("referenceAt", () => {
  it("takes the dotted name up to where it is pointed at", () => {
    const text = "x = notes.text.slugify(a)";
    expect(referenceAt(text, 11)?.dotted).toBe("notes.text");
    expect(referenceAt(text, 20)?.dotted).toBe("notes.text.slugify");
    expect(referenceAt("Note(a, (b)).shout", 15)?.dotted).toBe("Note(a, (b)).shout");
    expect(referenceAt("x = 1", 5)).toBeNull();
  });
});

describe("fileNamed", () => {
  it("finds templates and static files by the names that code has for them", () => {
    const files = ["templates/index.html", "static/style.css", "app.py"];
    expect(fileNamed(files, "index.html")).toBe("templates/index.html");
    expect(fileNamed(files, "/static/style.css")).toBe("static/style.css");
    expect(fileNamed(files, "other.html")).toBeUndefined();
  });
});

describe("Project", () => {
  it("reads only what has changed, and 50 files in under 20 ms", () => {
    const one = Array.from(
      { length: 12 },
      (_, index) => `def f${index}(a: int, b: str = "x") -> int:\n    """Doc."""\n    c = a + b\n    return c\n\n\n`,
    ).join("");
    // Time of the processor, not of the clock: other work on the machine is no reason to fail.
    const times = Array.from({ length: 20 }, (_, round) => {
      const files = Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`f${index}.py`, `${one}# ${round}`]));
      const project = new Project(() => files);
      const began = process.cpuUsage();
      const read = Object.keys(files).map((path) => project.file(path));
      const took = process.cpuUsage(began).user / 1_000;
      expect(read.every((file) => file?.symbols.length === 12)).toBe(true);
      expect(project.file("f1.py")).toBe(read[1]);
      return took;
    });
    expect(Math.min(...times)).toBeLessThan(20);
  });
});
