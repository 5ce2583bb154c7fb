import { describe, expect, it } from "vitest";
import { parseAnsi } from "./ansi";
import { marked } from "./marks";

const found = (text: string, words?: string) => marked(parseAnsi(text), words).map((run) => [run.text, run.found]);

describe("marked", () => {
  it("finds words in any case, each time they come", () => {
    expect(found("Error: an error", "ERROR")).toEqual([
      ["Error", true],
      [": an ", false],
      ["error", true],
    ]);
  });

  it("finds words across a change of colour", () => {
    expect(found("wa\u001b[31mking up", "waking")).toEqual([
      ["wa", true],
      ["king", true],
      [" up", false],
    ]);
  });

  it("leaves everything as it is where nothing is searched or found", () => {
    expect(found("plain")).toEqual([["plain", false]]);
    expect(found("plain", "x")).toEqual([["plain", false]]);
    expect(found("", "x")).toEqual([]);
    expect(found("İi", "i")).toEqual([["İi", false]]);
  });
});
