import { describe, expect, it } from "vitest";
import type { Template } from "@/lib/api/types";
import { patchOf, renamed, withFile, withoutFile, wordsOf } from "./template";

const TEMPLATE: Template = {
  ...{ id: "hello", name: "Hello", description: "Says it", icon: "hand", category: "api", tags: [], examples: [] },
  ...{ kind: "built_in", owner: null, shared: true, hidden: false, changed: false, framework: "fastapi" },
  ...{ files: { "app.py": "a", "readme.md": "r" }, entrypoint: "app.py", needs_database: false },
};
const WORDS = wordsOf(TEMPLATE);
const patch = (change: Partial<typeof WORDS>) => patchOf(TEMPLATE, { ...WORDS, ...change });

describe("patchOf", () => {
  it("sends what differs and nothing else", () => {
    expect(patch({})).toEqual({});
    expect(patch({ name: "Hi", shared: false })).toEqual({ name: "Hi", shared: false });
    expect(patch(withFile(WORDS, "app.py", "b"))).toEqual({ files: { "app.py": "b", "readme.md": "r" } });
  });

  it("takes files in another order for the same, and a missing one for a difference", () => {
    expect(patch({ files: { "readme.md": "r", "app.py": "a" } })).toEqual({});
    expect(patch(withoutFile(WORDS, "readme.md"))).toEqual({ files: { "app.py": "a" } });
    expect(patch(withFile(withoutFile(WORDS, "readme.md"), "other.md", "r"))).toMatchObject({
      files: expect.anything(),
    });
    expect(patch(withFile(WORDS, "empty.py", ""))).toMatchObject({ files: { "empty.py": "" } });
  });
});

describe("renamed", () => {
  it("leaves the file in its place, and the app starts where it is now", () => {
    const code = renamed(WORDS, "app.py", "main.py");
    expect(Object.keys(code.files)).toEqual(["main.py", "readme.md"]);
    expect(patch(code)).toEqual({ entrypoint: "main.py", files: { "main.py": "a", "readme.md": "r" } });
    expect(renamed(WORDS, "readme.md", "about.md").entrypoint).toBe("app.py");
  });
});
