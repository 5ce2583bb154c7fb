/** What could be meant by the word that is being typed: first the keys of the filter, behind a colon the key's values. */
import { KEYS } from "./filter";
import { terms } from "./terms";

export interface Suggestion {
  /** What the word becomes. */
  text: string;
  about: string;
}

export interface Suggestions {
  /** The characters that a suggestion takes the place of. */
  from: number;
  to: number;
  options: Suggestion[];
}

export function suggest(words: string, caret: number): Suggestions {
  const term = terms(words).find((one) => one.from < caret && caret <= one.to);
  const [from, to, typed] = term ? [term.from, term.to, words.slice(term.from, caret)] : [caret, caret, ""];
  const [, name, value] = /^([a-z]+):(.*)$/is.exec(typed) ?? [];
  if (name !== undefined && value !== undefined) return { from, to, options: valuesOf(name.toLowerCase(), value) };
  const options = Object.entries(KEYS)
    .filter(([key]) => key.startsWith(typed.toLowerCase()))
    .map(([key, { about }]) => ({ text: `${key}:`, about }));
  return { from, to, options };
}

function valuesOf(name: string, typed: string): Suggestion[] {
  const key = KEYS[name];
  if (!key || key.values.includes(typed)) return [];
  return key.values
    .filter((value) => value.toLowerCase().startsWith(typed.toLowerCase()))
    .map((value) => ({ text: `${name}:${value}`, about: key.about }));
}

/** The words with a suggestion taken, and where the caret then stands. A finished term is followed by a blank. */
export function accept(words: string, place: Suggestions, chosen: Suggestion): { words: string; caret: number } {
  const end = chosen.text.endsWith(":") ? "" : " ";
  const rest = words.slice(place.to).replace(/^\s+/, "");
  const before = words.slice(0, place.from) + chosen.text + end;
  return { words: before + (rest && !end ? ` ${rest}` : rest), caret: before.length };
}
