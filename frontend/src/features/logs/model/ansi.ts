/**
 * What terminals are told in between the text (ANSI escape sequences), read into runs of text with a look: the 16 colours, the
 * 256, 24-bit ones, bold, dim, italic, underline, strike, inverse. Everything else that is no text (moving the cursor, titles,
 * control characters) is left out. The result is data; whoever draws it puts text into text nodes, so nothing becomes markup.
 */

export interface Look {
  /** 0 to 15: a named colour; otherwise red, green, blue. */
  colour?: number | readonly [number, number, number];
  background?: number | readonly [number, number, number];
  bold?: true;
  dim?: true;
  italic?: true;
  underline?: true;
  strike?: true;
  inverse?: true;
}

export interface Run {
  text: string;
  look: Look;
}

// CSI sequences; OSC strings up to their end; any other escape with its one character; then lone control characters.
const SEQUENCE =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  /(?:\x1b\[|\x9b)([0-9:;<=>?]*)[ -/]*([@-~])|\x1b[\]PX^_][^\x07\x1b]*(?:\x07|\x1b\\|$)|\x1b[ -/]*[0-~]?|[\x00-\x08\x0b-\x1f\x7f-\x9f]/g;

export function parseAnsi(text: string): Run[] {
  const runs: Run[] = [];
  let look: Look = {};
  let end = 0;
  const put = (piece: string) => {
    if (piece !== "") runs.push({ text: piece, look });
  };
  for (const match of text.matchAll(SEQUENCE)) {
    put(text.slice(end, match.index));
    end = match.index + match[0].length;
    if (match[2] === "m") look = applied(look, (match[1] ?? "").split(/[;:]/).map(Number));
  }
  put(text.slice(end));
  return runs;
}

/** The text alone, for searching and copying. */
export function plainText(text: string): string {
  return text.replace(SEQUENCE, "");
}

const FLAGS: Record<number, Partial<Look>> = {
  1: { bold: true },
  2: { dim: true },
  3: { italic: true },
  4: { underline: true },
  7: { inverse: true },
  9: { strike: true },
  21: { underline: true },
  22: { bold: undefined, dim: undefined },
  23: { italic: undefined },
  24: { underline: undefined },
  27: { inverse: undefined },
  29: { strike: undefined },
  39: { colour: undefined },
  49: { background: undefined },
};

function applied(look: Look, codes: number[]): Look {
  let next: Look = { ...look };
  for (let place = 0; place < codes.length; place += 1) {
    const code = codes[place] ?? 0;
    if (code === 0) next = {};
    else if (code === 38 || code === 48) {
      const [colour, used] = extended(codes.slice(place + 1));
      place += used;
      if (colour !== null) next[code === 38 ? "colour" : "background"] = colour;
    } else if (code >= 30 && code <= 37) next.colour = code - 30;
    else if (code >= 40 && code <= 47) next.background = code - 40;
    else if (code >= 90 && code <= 97) next.colour = code - 82;
    else if (code >= 100 && code <= 107) next.background = code - 92;
    else Object.assign(next, FLAGS[code]);
  }
  return Object.fromEntries(Object.entries(next).filter(([, value]) => value !== undefined)) as Look;
}

/** The colour behind 38 or 48, and how many codes it took. */
function extended(codes: number[]): [Look["colour"] | null, number] {
  if (codes[0] === 5) return [indexed(codes[1] ?? 0), 2];
  if (codes[0] !== 2) return [null, codes.length > 0 ? 1 : 0];
  const [red = 0, green = 0, blue = 0] = codes.slice(1, 4).map(byte);
  return [[red, green, blue], 4];
}

function byte(value: number): number {
  return Math.min(255, Math.max(0, Number.isFinite(value) ? value : 0));
}

/** One of the 256: the 16 named ones, a cube of 6 x 6 x 6, and 24 greys. */
function indexed(index: number): Look["colour"] | null {
  if (!Number.isInteger(index) || index < 0 || index > 255) return null;
  if (index < 16) return index;
  if (index >= 232) {
    const grey = 8 + (index - 232) * 10;
    return [grey, grey, grey];
  }
  const level = (step: number) => (step === 0 ? 0 : 55 + step * 40);
  const cube = index - 16;
  return [level(Math.floor(cube / 36)), level(Math.floor(cube / 6) % 6), level(cube % 6)];
}
