import { describe, expect, it } from "vitest";
import { differing, merge, settled } from "./merge";

const base = { "app.py": "a", "lib.py": "l", "old.txt": "o" };

describe("merge", () => {
  it("takes each side's own change, addition and deletion", () => {
    const mine = { "app.py": "A", "lib.py": "l", "old.txt": "o", "mine.py": "m" };
    const theirs = { "app.py": "a", "lib.py": "L", "theirs.py": "t" };
    expect(merge(base, mine, theirs)).toEqual({
      files: { "app.py": "A", "lib.py": "L", "mine.py": "m", "theirs.py": "t" },
      conflicts: [],
    });
  });

  it("is no conflict when both sides made the same change", () => {
    const both = { ...base, "app.py": "same" };
    expect(merge(base, both, both).conflicts).toEqual([]);
  });

  it("tells the files that both sides changed, edits against deletions too", () => {
    const mine = { "app.py": "A", "lib.py": "L" };
    const theirs = { "app.py": "B", "old.txt": "o" };
    const merged = merge(base, mine, theirs);
    expect(merged.conflicts).toEqual(["app.py", "lib.py"]);
    expect(merged.files).toEqual({ "app.py": "A", "lib.py": "L" });
  });
});

describe("settled", () => {
  const mine = { "app.py": "A", "lib.py": "L" };
  const theirs = { "app.py": "B" };
  const merged = merge(base, mine, theirs);

  it("keeps my side where nothing was chosen, and hands back the other", () => {
    expect(settled(merged, mine, theirs, {})).toEqual({
      files: { "app.py": "A", "lib.py": "L" },
      lost: { "app.py": "B" },
      mine: {},
      taken: {},
    });
  });

  it("deletes a file whose deletion was chosen, and keeps its text at hand", () => {
    const end = settled(merged, mine, theirs, { "app.py": "B", "lib.py": null });
    expect(end.files).toEqual({ "app.py": "B" });
    expect(end.lost).toEqual({ "app.py": "A", "lib.py": "L" });
    expect(end.mine).toEqual({ "app.py": "A", "lib.py": "L" });
    expect(end.taken).toEqual({ "app.py": "B", "lib.py": null });
  });

  it("keeps both sides of a text that is made of both", () => {
    const end = settled(merged, mine, theirs, { "app.py": "A and B" });
    expect(end.files["app.py"]).toBe("A and B");
    expect(end.lost).toEqual({ "app.py": "B" });
    expect(end.mine).toEqual({ "app.py": "A" });
  });
});

describe("differing", () => {
  it("counts a missing file as different from an empty one", () => {
    expect(differing({ a: "" }, {})).toEqual(["a"]);
    expect(differing({ a: "1", b: "2" }, { a: "1", b: "3" })).toEqual(["b"]);
  });
});
