/**
 * Finding by a few letters: every letter of what was typed must come, in that order. Letters in a row, at the start of a
 * word and near the front count more, so that `dep` finds Deploy before "Open deleted apps".
 */

const START = 8;
const ROW = 9;
const FIRST = 10;
const BOUNDARY = /[\s\-_./:]/;

/** How well `typed` fits `text`, higher is better; null when it does not. Spaces in `typed` are nothing. */
export function fits(text: string, typed: string): number | null {
  const wanted = typed.toLowerCase().replace(/\s+/g, "");
  if (wanted === "") return 0;
  const lower = text.toLowerCase();
  let best: number | null = null;
  for (let start = lower.indexOf(wanted[0] ?? ""); start !== -1; start = lower.indexOf(wanted[0] ?? "", start + 1)) {
    const score = from(lower, wanted, start);
    if (score !== null && (best === null || score > best)) best = score;
  }
  return best;
}

function from(text: string, wanted: string, start: number): number | null {
  let score = -Math.min(start, 20) / 4;
  let last = start - 1;
  for (const letter of wanted) {
    const at = text.indexOf(letter, last + 1);
    if (at === -1) return null;
    score += worth(text, at, last, start);
    last = at;
  }
  return score - text.length / 100;
}

function worth(text: string, at: number, last: number, start: number): number {
  if (at === 0) return FIRST;
  if (BOUNDARY.test(text[at - 1] ?? "")) return START;
  return at === last + 1 && at !== start ? ROW : 1;
}

/** The items that fit, the best first; in their own order where nothing is typed or two fit the same. */
export function ranked<T>(items: readonly T[], typed: string, textOf: (item: T) => string): T[] {
  if (typed.trim() === "") return [...items];
  return items
    .map((item, place) => ({ item, place, score: fits(textOf(item), typed) }))
    .filter((entry): entry is typeof entry & { score: number } => entry.score !== null)
    .sort((a, b) => b.score - a.score || a.place - b.place)
    .map((entry) => entry.item);
}
