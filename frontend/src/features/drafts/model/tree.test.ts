import { describe, expect, it } from "vitest";
import { folderPaths, type Node, rows, tree } from "./tree";

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

  it("nests folders, keeps each node's whole path, and shows empty ones too", () => {
    const [folder, empty] = tree(["a/b/c.py"], "app.py", ["a/b", "z"]);
    expect(folder).toMatchObject({
      kind: "folder",
      path: "a",
      children: [{ path: "a/b", children: [{ path: "a/b/c.py" }] }],
    });
    expect(empty).toMatchObject({ kind: "folder", path: "z", children: [] });
    expect(folderPaths(["a/b/c.py", "x.py"], ["z"])).toEqual(["a", "a/b", "z"]);
  });
});

describe("rows", () => {
  it("are the lines in sight, each with its place among its siblings", () => {
    const nodes = tree(["app.py", "a/one.py", "a/two.py"], "app.py");
    const shown = rows(nodes, new Set());
    expect(shown.map(({ path, level, position, of }) => [path, level, position, of])).toEqual([
      ["app.py", 1, 1, 2],
      ["a", 1, 2, 2],
      ["a/one.py", 2, 1, 2],
      ["a/two.py", 2, 2, 2],
    ]);
    expect(rows(nodes, new Set(["a"])).map((row) => [row.path, row.expanded])).toEqual([
      ["app.py", null],
      ["a", false],
    ]);
  });
});
