/** A filter's words as terms with their places: `key:value`, `key:"a value with blanks"`, or a plain word. */

export interface Term {
  from: number;
  to: number;
  text: string;
  /** What stands before the colon; null for a plain word. */
  key: string | null;
  value: string;
}

// A key is letters only, so that a time or an address with a port stays a plain word.
const TERM = /(?:([a-z]+):)?(?:"([^"]*)"?|(\S*))/giy;

export function terms(words: string): Term[] {
  const found: Term[] = [];
  let place = 0;
  while (place < words.length) {
    if (/\s/.test(words.charAt(place))) {
      place += 1;
      continue;
    }
    TERM.lastIndex = place;
    const match = TERM.exec(words);
    const text = match?.[0] || words.charAt(place);
    found.push({
      from: place,
      to: place + text.length,
      text,
      key: match?.[1] ?? null,
      value: match?.[2] ?? match?.[3] ?? text,
    });
    place += text.length;
  }
  return found;
}
