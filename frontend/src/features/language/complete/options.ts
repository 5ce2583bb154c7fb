/** Things to offer, as the completion list shows them: an icon by kind, a signature or a home beside it, words on the side. */
import type { Completion } from "@codemirror/autocomplete";
import { card } from "../editor/hover";
import type { Known } from "../library/known";
import type { PySymbol } from "../model/symbols";

/** How far up: what is nearest first, what would need an import last, words of the text at the very end. */
export const RANK = {
  argument: 20,
  local: 12,
  own: 8,
  member: 6,
  known: 4,
  builtin: 0,
  keyword: -2,
  import: -10,
  word: -50,
};

const ICONS = {
  function: "function",
  class: "class",
  variable: "variable",
  parameter: "variable",
  import: "namespace",
};

export function ofSymbol(symbol: PySymbol, home: string, boost: number): Completion {
  const { name, kind, signature, doc } = symbol;
  const shown = kind === "function" || kind === "class" ? signature : "";
  return {
    ...{ label: name, type: ICONS[kind], boost, detail: detailOf(kind === "variable" ? signature : shown) },
    info: doc || shown ? () => card({ title: `${name}${shown}`, doc, home }) : undefined,
  };
}

export function ofKnown(known: Known, home: string, boost: number): Completion {
  const { name, kind, signature, doc } = known;
  return {
    ...{ label: name, type: ICONS[kind], boost, detail: detailOf(signature) },
    info: () => card({ title: `${name}${signature}`, doc, home }),
  };
}

/** Beside the name there is room for the first parameters only. */
function detailOf(signature: string): string | undefined {
  if (signature === "") return undefined;
  return signature.length > 42 ? `${signature.slice(0, 40)}…` : signature;
}
