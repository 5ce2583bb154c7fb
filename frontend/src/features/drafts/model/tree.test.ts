import { describe, expect, it } from "vitest";
import { MAX_FILES, type Node, pathProblem, totalBytes, tree } from "./tree";

function names(nodes: readonly Node[]): unknown[] {
  return nodes.map((node) => (node.kind === "file" ? node.name : { [node.name]: names(node.children) }));
}

describe("tree", () => {
  it("puts the entrypoint first, then folders, then files, by name", () => {
    const paths = ["requirements.txt", "static/style.css", "notes/text.py", "notes/__init__.py", "app.py", "a.py"];
    expect(names(tree(paths, "app.py"))).toEqual([
      "app.py",
      { notes: ["__init__.py", "text.py"] },
      { static: ["style.css"] },
      "a.py",
      "requirements.txt",
    ]);
  });

  it("nests folders and keeps each node's whole path", () => {
    const [folder] = tree(["a/b/c.py"], "app.py");
    expect(folder).toMatchObject({
      kind: "folder",
      path: "a",
      children: [{ path: "a/b", children: [{ path: "a/b/c.py" }] }],
    });
  });
});

describe("pathProblem", () => {
  it("takes names that an app may hold", () => {
    for (const path of ["util.py", "static/css/site.css", "_x.md", "templates/index.html"])
      expect(pathProblem(path, ["app.py"])).toBeNull();
  });

  it("refuses what leads outside, is hidden, unnamed or of another kind", () => {
    for (const path of ["", "../x.py", "/x.py", "a//b.py", ".env.txt", "a b.py", "x.exe", "x", "a\\b.py"])
      expect(pathProblem(path, [])).not.toBeNull();
  });

  it("refuses a taken name, and a file where a folder is", () => {
    expect(pathProblem("app.py", ["app.py"])).toBe("This file exists");
    expect(pathProblem("lib.py/x.py", ["lib.py"])).toContain("folder");
    expect(pathProblem("lib.py", ["lib.py/x.py"])).toContain("folder");
  });

  it("refuses one file too many", () => {
    const taken = Array.from({ length: MAX_FILES }, (_, index) => `f${index}.py`);
    expect(pathProblem("one.py", taken)).toContain("50");
  });
});

describe("totalBytes", () => {
  it("counts bytes, not characters", () => {
    expect(totalBytes({ a: "é", b: "x" })).toBe(3);
  });
});
