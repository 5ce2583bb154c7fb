import { describe, expect, it } from "vitest";
import { parseAnsi, plainText } from "./ansi";

const ESC = "\u001b";
const looks = (text: string) => parseAnsi(text).map((run) => [run.text, run.look]);

describe("parseAnsi", () => {
  it("reads the sixteen colours, and their end", () => {
    expect(looks(`a ${ESC}[31mred${ESC}[0m ${ESC}[92;44mbright${ESC}[39m on blue${ESC}[m end`)).toEqual([
      ["a ", {}],
      ["red", { colour: 1 }],
      [" ", {}],
      ["bright", { colour: 10, background: 4 }],
      [" on blue", { background: 4 }],
      [" end", {}],
    ]);
  });

  it("reads the 256 and the 24-bit colours", () => {
    expect(looks(`${ESC}[38;5;9ma${ESC}[38;5;196mb${ESC}[38;5;244mc${ESC}[48;2;1;2;300md`)).toEqual([
      ["a", { colour: 9 }],
      ["b", { colour: [255, 0, 0] }],
      ["c", { colour: [128, 128, 128] }],
      ["d", { colour: [128, 128, 128], background: [1, 2, 255] }],
    ]);
    expect(looks(`${ESC}[38:5:21mx`)).toEqual([["x", { colour: [0, 0, 255] }]]);
  });

  it("reads bold, underline and the others, each with its end", () => {
    expect(looks(`${ESC}[1;4mx${ESC}[22my${ESC}[24;3;9;7mz${ESC}[23;27;29m.`)).toEqual([
      ["x", { bold: true, underline: true }],
      ["y", { underline: true }],
      ["z", { italic: true, strike: true, inverse: true }],
      [".", {}],
    ]);
  });

  it("leaves out what is not text, and keeps tabs and line ends", () => {
    expect(plainText(`${ESC}[2K${ESC}[1Gdone\tyes\n${ESC}]0;title\u0007next${ESC}(B\u0008\u0000`)).toBe(
      "done\tyes\nnext",
    );
    expect(plainText(`${ESC}]8;;https://example.org${ESC}\\link${ESC}]8;;${ESC}\\`)).toBe("link");
  });

  it("takes anything: cut off, senseless, huge", () => {
    expect(looks(`${ESC}[38;5`)).toHaveLength(1);
    expect(
      looks(`${ESC}[38;5;999mx${ESC}[38;7mx${ESC}[;;mx${ESC}[99999999mx`)
        .map(([text]) => text)
        .join(""),
    ).toBe("xxxx");
    expect(looks(ESC)).toEqual([]);
    expect(parseAnsi(`${ESC}[31m`.repeat(50_000)).length).toBe(0);
  });

  it("keeps markup as the text that it is", () => {
    expect(looks(`<img src=x onerror=alert(1)>${ESC}[31m</span>`)).toEqual([
      ["<img src=x onerror=alert(1)>", {}],
      ["</span>", { colour: 1 }],
    ]);
  });
});
