import { describe, expect, it } from "vitest";
import { add, applied, type Change, duplicate, put, remove, rename, reversed, target } from "./changes";
import type { Files } from "./merge";

const FILES: Files = { "app.py": "one", "lib/a.py": "a", "lib/b.py": "b" };

function thereAndBack(change: Change, files: Files = FILES) {
  const after = applied(files, change);
  const back = reversed(after, change);
  return { after, back: applied(after, back.change), edited: back.edited };
}

describe("changes", () => {
  it("of every kind are taken back whole", () => {
    const all = [
      add("new.py", FILES, "x"),
      remove("lib", FILES),
      rename("lib", "pkg/deep", FILES),
      duplicate("lib", FILES),
      put("Replaced", FILES, { "app.py": "two", "lib/a.py": "A" }),
    ];
    for (const change of all) {
      const { after, back, edited } = thereAndBack(change);
      expect(after).not.toEqual(FILES);
      expect(back).toEqual(FILES);
      expect(edited).toEqual([]);
    }
  });

  it("move a folder with all that is in it", () => {
    const change = rename("lib", "pkg", FILES);
    expect(applied(FILES, change)).toEqual({ "app.py": "one", "pkg/a.py": "a", "pkg/b.py": "b" });
    expect(change.moved).toEqual({ "lib/a.py": "pkg/a.py", "lib/b.py": "pkg/b.py" });
    expect(duplicate("lib/a.py", FILES).after).toEqual({ "lib/a_2.py": "a" });
  });
});

describe("taking back", () => {
  it("leaves alone what was edited since, and says so", () => {
    const change = put("Replaced", FILES, { "app.py": "two", "lib/a.py": "A" });
    const later = { ...applied(FILES, change), "app.py": "two and more" };
    const { change: back, edited } = reversed(later, change);
    expect(edited).toEqual(["app.py"]);
    expect(applied(later, back)).toEqual({ ...FILES, "app.py": "two and more" });
  });

  it("carries an edit along when a renamed file goes back", () => {
    const change = rename("app.py", "main.py", FILES);
    const later = { ...applied(FILES, change), "main.py": "edited" };
    const { change: back, edited } = reversed(later, change);
    expect(edited).toEqual([]);
    expect(applied(later, back)).toEqual({ ...FILES, "app.py": "edited" });
    expect(back.moved).toEqual({ "main.py": "app.py" });
  });

  it("does not write over a file that took the name meanwhile", () => {
    const change = remove("app.py", FILES);
    const later = { ...applied(FILES, change), "app.py": "another" };
    expect(reversed(later, change).edited).toEqual(["app.py"]);
  });
});

describe("target", () => {
  it("is the same name in the other folder, or nothing where it would not move", () => {
    expect(target("lib/a.py", "")).toBe("a.py");
    expect(target("app.py", "lib")).toBe("lib/app.py");
    expect(target("lib", "lib/inner")).toBeNull();
    expect(target("lib", "lib")).toBeNull();
    expect(target("lib/a.py", "lib")).toBeNull();
    expect(target("app.py", "")).toBeNull();
  });
});
