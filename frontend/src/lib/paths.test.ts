import { describe, expect, it } from "vitest";
import { folderProblem, freePath, MAX_FILES, newPathProblem, pathProblem, room, totalBytes } from "./paths";

describe("pathProblem", () => {
  it("takes names that an app may hold", () => {
    for (const path of ["util.py", "static/css/site.css", "_x.md", "templates/a b.html", "é.py", "a.GeoJSON"])
      expect(pathProblem(path, ["app.py"])).toBeNull();
  });

  it("refuses what leads outside, is hidden, unnamed or of another kind", () => {
    const bad = [
      "",
      "../x.py",
      "/x.py",
      "a//b.py",
      ".env.txt",
      "x .py/y.py ",
      "x.exe",
      "x",
      "a\\b.py",
      "a\u0000.py",
      "x.py.",
    ];
    for (const path of [...bad, "a/./b.py", `${"d/".repeat(10)}x.py`, `${"x".repeat(200)}.py`, "con:.py"])
      expect(pathProblem(path, []), path).not.toBeNull();
  });

  it("refuses a taken name, one that differs in case only, and a file where a folder is", () => {
    expect(pathProblem("app.py", ["app.py"])).toBe("This file exists");
    expect(pathProblem("App.py", ["app.py"])).toContain("upper and lower case");
    expect(pathProblem("lib.py/x.py", ["lib.py"])).toContain("folder");
    expect(pathProblem("lib.py", ["lib.py/x.py"])).toContain("folder");
  });

  it("refuses one file too many, but lets one be renamed", () => {
    const taken = Array.from({ length: MAX_FILES }, (_, index) => `f${index}.py`);
    expect(newPathProblem("one.py", taken)).toContain("50");
    expect(pathProblem("one.py", taken.slice(1))).toBeNull();
  });
});

describe("folders", () => {
  it("have names of their own", () => {
    expect(folderProblem("lib", ["app.py"], [])).toBeNull();
    expect(folderProblem("lib", ["lib/x.py"], [])).toContain("exists");
    expect(folderProblem("app.py/x", ["app.py"], [])).toContain("share");
    expect(folderProblem("..", [], [])).not.toBeNull();
  });
});

describe("freePath", () => {
  it("counts on from the name", () => {
    expect(freePath("a/notes.md", ["a/notes.md"])).toBe("a/notes_2.md");
    expect(freePath("notes.md", ["notes.md", "NOTES_2.md"])).toBe("notes_3.md");
    expect(freePath("lib", ["lib/x.py", "lib_2/x.py"])).toBe("lib_3");
  });
});

describe("room", () => {
  it("counts bytes, not characters", () => {
    expect(totalBytes({ a: "é", b: "x" })).toBe(3);
  });

  it("says what is over a limit", () => {
    expect(room({ "app.py": "x" }).over).toBeNull();
    expect(room({ "big.txt": "x".repeat(102_401) }).over).toContain("big.txt");
    expect(room(Object.fromEntries(Array.from({ length: 51 }, (_, i) => [`${i}.py`, ""]))).over).toContain("51 files");
    const six = Object.fromEntries(Array.from({ length: 6 }, (_, i) => [`${i}.txt`, "x".repeat(100_000)]));
    expect(room(six).over).toContain("500");
  });
});
