import { describe, expect, it } from "vitest";
import { logicalLines } from "./lines";
import { type PySymbol, symbolsOf } from "./symbols";

const SOURCE = `"""What this file is for."""
import os, json as j
import a.b.c
from notes.text import (
    slugify,  # short names
    LIMIT as MOST,
)
from . import sibling
from fasthtml.common import *

app = FastAPI(title="x = y")
db: Database = MongoClient(os.environ["X"]).get_default_database()
a, b = 1, "=2"


@app.get("/", status_code=201)
async def read(
    slug: str,
    *rest,
    title: Annotated[str, Form(max_length=120)] = "",
) -> dict[str, int]:
    '''Reads a note.

    At length.'''
    doc = db.notes.find_one({"slug": slug})
    for key, value in doc.items():
        pass
    with open("f") as file:
        inner = 1
    return doc


class Note(BaseModel):
    "One note."

    title: str
    body: str = ""

    def __init__(self, text):
        self.text = text

    def shout(self) -> str: return self.text


if os.environ:
    late = 1
`;

function find(name: string, symbols: readonly PySymbol[] = symbolsOf(SOURCE).symbols): PySymbol {
  const found = symbols.find((symbol) => symbol.name === name);
  if (!found) throw new Error(`no ${name} in ${symbols.map((symbol) => symbol.name)}`);
  return found;
}

describe("symbolsOf", () => {
  const file = symbolsOf(SOURCE);

  it("names what the module names, each at its place", () => {
    const names = "os j a slugify MOST sibling app db b read Note late".split(" ");
    for (const name of names) {
      const symbol = find(name);
      expect(SOURCE.slice(symbol.from, symbol.to), name).toBe(name);
    }
    expect(file.symbols.map((symbol) => symbol.name)).not.toContain("key");
    expect(file.stars).toEqual(["fasthtml.common"]);
    expect(SOURCE.slice(0, file.start)).toBe('"""What this file is for."""');
  });

  it("tells what an import brings", () => {
    expect(find("MOST")).toMatchObject({ kind: "import", module: "notes.text", target: "LIMIT" });
    expect(find("sibling")).toMatchObject({ module: ".", target: "sibling" });
    expect(find("j")).toMatchObject({ module: "json", target: null });
    expect(file.imports.map((each) => each.module)).toEqual(["", "", "notes.text", ".", "fasthtml.common"]);
  });

  it("reads a function's parameters, answer, docstring and locals", () => {
    const read = find("read");
    expect(read.signature).toBe(
      '(slug: str, *rest, title: Annotated[str, Form(max_length=120)] = "") -> dict[str, int]',
    );
    expect(read.params).toEqual(["slug", "rest", "title"]);
    expect(read.doc).toBe("Reads a note.\n\nAt length.");
    expect(read.scope?.symbols.map((symbol) => symbol.name)).toEqual(
      "slug rest title doc key value file inner".split(" "),
    );
    expect(SOURCE.slice(read.scope?.from, read.scope?.to).trimEnd()).toMatch(/^async def read[\s\S]*return doc$/);
  });

  it("reads a class's attributes and methods, those set on self too", () => {
    const note = find("Note");
    expect(note).toMatchObject({ signature: "(BaseModel)", type: "BaseModel", doc: "One note." });
    expect(note.scope?.symbols.map((symbol) => symbol.name)).toEqual(["title", "body", "__init__", "text", "shout"]);
  });

  it("knows what a variable is of", () => {
    expect(find("app").value).toBe('FastAPI(title="x = y")');
    expect(find("db").type).toBe("Database");
    expect(symbolsOf("x = 'FastAPI'\n").symbols[0]).toMatchObject({ type: "", value: "" });
  });

  it("goes on after what is half typed", () => {
    const broken =
      "app = FastAPI(\n\ndef one(\n    a, b\nclass Two:\n    x = [1,\n    def three(self): pass\nfrom os import path\n";
    const names = symbolsOf(broken).symbols.map((symbol) => symbol.name);
    expect(names).toEqual(["app", "one", "Two", "path"]);
  });

  it("is not stopped by any prefix of a file", () => {
    for (let length = 0; length < SOURCE.length; length += 1) symbolsOf(SOURCE.slice(0, length));
  });

  it("takes time that grows with the file, whatever is in it", () => {
    for (const text of [
      "a".repeat(100_000),
      "a, ".repeat(40_000),
      "x = (".repeat(20_000),
      `"""${"\\n".repeat(50_000)}`,
    ]) {
      const began = performance.now();
      symbolsOf(text);
      expect(performance.now() - began, text.slice(0, 10)).toBeLessThan(1_000);
    }
  });
});

describe("logicalLines", () => {
  it("joins what brackets, strings and backslashes hold together", () => {
    const text = 'x = (1,\n  2)  # c )\ny = """a\nb # no"""\nz = 1 + \\\n  2; w = "#"\n';
    expect(logicalLines(text).map((line) => line.text)).toEqual([
      "x = (1,\n  2)",
      'y = """a\nb # no"""',
      "z = 1 + \\\n  2",
      'w = "#"',
    ]);
  });
});
