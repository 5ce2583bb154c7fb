import { describe, expect, it } from "vitest";
import { importOf } from "./imports";
import { symbolsOf } from "./symbols";

function added(text: string, module = "notes.text", name = "Note"): string {
  const change = importOf(text, symbolsOf(text), module, name);
  return change ? text.slice(0, change.at) + change.insert + text.slice(change.at) : text;
}

describe("importOf", () => {
  it.each([
    ["x = 1\n", "from notes.text import Note\n\nx = 1\n"],
    ["import os\n\nx = 1\n", "import os\nfrom notes.text import Note\n\nx = 1\n"],
    ["import os", "import os\nfrom notes.text import Note\n"],
    ['"""Doc."""\nx = 1\n', '"""Doc."""\n\nfrom notes.text import Note\nx = 1\n'],
    ["from notes.text import slug\n", "from notes.text import slug, Note\n"],
    ["from notes.text import slug  # why\n", "from notes.text import slug, Note  # why\n"],
    ["from notes.text import (\n    slug,\n)\n", "from notes.text import (\n    slug, Note,\n)\n"],
    ["from notes.text import (slug)\n", "from notes.text import (slug, Note)\n"],
    ["from notes.text import Note\n", "from notes.text import Note\n"],
    ["from notes.text import *\n", "from notes.text import *\nfrom notes.text import Note\n"],
  ])("%j", (before, after) => {
    expect(added(before)).toBe(after);
  });
});
