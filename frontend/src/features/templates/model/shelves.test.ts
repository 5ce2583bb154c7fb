import { describe, expect, it } from "vitest";
import type { Template } from "@/lib/api/types";
import { shelves, sizeOf } from "./shelves";

function template(id: string, more: Partial<Template> = {}): Template {
  return { id, kind: "built_in", owner: null, hidden: false, files: {}, ...more } as Template;
}

const all = ["chat", "hello", "todo", "upload", "notes", "counter", "keys", "webhook", "dashboard"].map((id) =>
  template(id),
);
const ids = (templates: readonly Template[]) => templates.map((one) => one.id);

describe("shelves", () => {
  it("has six at first and the others behind", () => {
    const found = shelves(all, "ada");
    expect(ids(found.first)).toEqual(["hello", "todo", "notes", "counter", "webhook", "dashboard"]);
    expect(ids(found.more)).toEqual(["chat", "upload", "keys"]);
  });

  it("fills the gap of a hidden one", () => {
    const hidden = all.map((one) => (one.id === "notes" ? { ...one, hidden: true } : one));
    expect(ids(shelves(hidden, "ada").first)).toEqual(["hello", "todo", "counter", "webhook", "dashboard", "chat"]);
  });

  it("puts one's own apart, and somebody else's shared one among all", () => {
    const people = [template("mine", { kind: "user", owner: "ada" }), template("bobs", { kind: "user", owner: "bob" })];
    const found = shelves([...all, ...people], "ada");
    expect(ids(found.own)).toEqual(["mine"]);
    expect(ids(found.more)).toContain("bobs");
  });
});

describe("size", () => {
  it("is unknown where the list leaves files out", () => {
    expect(sizeOf(template("a"))).toBeUndefined();
    expect(sizeOf(template("a", { files: { "app.py": "x = 1\n\ny = 2\n" } }))).toEqual({ files: 1, lines: 2 });
  });
});
