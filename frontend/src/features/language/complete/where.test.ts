import { describe, expect, it } from "vitest";
import { whereAt } from "./where";

/** What is typed at the bar: its kind, and what it is about. */
function said(text: string): string {
  const pos = text.indexOf("|");
  const where = whereAt(text.replace("|", ""), pos);
  const about = { module: "written", imported: "module", member: "owner", name: "callee" }[where.kind as "module"];
  const more = about ? (where as unknown as Record<string, string>)[about] : "";
  const typed = "from" in where ? text.slice(where.from, pos) : "";
  return `${where.kind} ${more} ${typed}`.replace(/ +/g, " ").trim();
}

describe("whereAt", () => {
  it.each([
    ["from no|", "module no no"],
    ["from notes.te|", "module notes.te notes.te"],
    ["import os, js|", "module js js"],
    ["from notes.text import sl|", "imported notes.text sl"],
    ["from notes.text import (\n    slugify,\n    LI|", "imported notes.text LI"],
    ["from notes.text import slugify as s|", "none"],
    ["x = 1\nfrom . import t|", "imported . t"],
    ["app.|", "member app"],
    ["@app.ge|", "member app ge"],
    ["db.notes.find({'a': (1)}).so|", "member db.notes.find({'a': (1)}) so"],
    ["x[0].na|", "member x[0] na"],
    ["1.|", "none"],
    ['os.environ["MO|', "variable MO"],
    ["os.getenv('|", "variable"],
    ['os.environ.get( "A|', "variable A"],
    ['pages.TemplateResponse(request, "ind|', "path ind"],
    ["sta|", "name sta"],
    ["app = FastAPI(ti|", "name FastAPI ti"],
    ["@app.get('/x', status|", "name app.get status"],
    ["f(a, g(b), c|", "name f c"],
    ["f(a=b|", "name b"],
    ["x = [f(a), b|", "name b"],
    ["def f(a|", "name a"],
    ["def na|", "none"],
    ["class No|", "none"],
    ["with open(p) as fi|", "none"],
  ])("%s is %s", (text, where) => {
    expect(said(text)).toBe(where);
  });

  it("answers at every place of half-typed code, in time", () => {
    const text = `${"f(".repeat(2_000)}\n'"'"""\n@@..((\nx = {[(`;
    const began = performance.now();
    for (let pos = 0; pos <= text.length; pos += 7) whereAt(text, pos);
    expect(performance.now() - began).toBeLessThan(8_000);
  });
});
