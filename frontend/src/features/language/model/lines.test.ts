import { describe, expect, it } from "vitest";
import { logicalLines, logicalLinesAfter } from "./lines";

const SOURCE = `"""Doc
def not_code(): pass
"""
import os  # why
x = f(1,
      2)
class A:
    def b(self):
        return '''
c = 1
'''
y = 3; z = 4
`.repeat(4);

/** The same numbers on every run. */
function* numbers(seed: number): Generator<number> {
  for (let state = seed; ; ) {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    yield state;
  }
}

describe("logicalLinesAfter", () => {
  it("is what reading anew gives, whatever was changed", () => {
    const next = numbers(7);
    const take = (most: number) => (next.next().value as number) % most;
    const pieces = ['"', "'''", "(", ")", "\n", "def f(", "# ", "\\\n", " ", "x", "", ";", "from a import b\n", "]"];
    let text = SOURCE;
    let lines = logicalLines(text);
    for (let round = 0; round < 1_500; round++) {
      const at = take(text.length + 1);
      const gone = take(6) === 0 ? take(40) : take(3);
      const changed = text.slice(0, at) + pieces[take(pieces.length)] + text.slice(at + gone);
      lines = logicalLinesAfter({ text, lines }, changed);
      text = changed;
      expect(lines).toEqual(logicalLines(text));
      if (text.length < 200) text = SOURCE;
      if (text === SOURCE) lines = logicalLines(text);
    }
  });
});
