import { describe, expect, it } from "vitest";
import { settingWords } from "./setting-words";

describe("settingWords", () => {
  it.each([
    ["env.GREETING", null, "hi", "Variable GREETING was added: “hi”"],
    ["env.A.B", "hi", null, "Variable A.B was removed, it was “hi”"],
    ["env.GREETING", "hi", "ho", "Variable GREETING was “hi” and becomes “ho”"],
    ["secrets.KEY", "(set)", "(set)", "Secret KEY was set to another value"],
    ["secrets.KEY", null, "(set)", "Secret KEY was added"],
    ["memory_mb", null, "256", "Memory: the default becomes 256 MB"],
    ["cpus", "2", null, "Cores: 2 becomes the default"],
  ])("%s from %s to %s", (name, before, after, words) => {
    expect(settingWords({ name, before, after })).toBe(words);
  });

  it("cuts what is long", () => {
    expect(settingWords({ name: "env.X", before: null, after: "y".repeat(100) })).toBe(
      `Variable X was added: “${"y".repeat(60)}…”`,
    );
  });
});
