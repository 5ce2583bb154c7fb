/** JSON that is only shown: coloured like the editor's, whole in the page, so that it can be searched and read aloud. */
import { jsonLanguage } from "@codemirror/lang-json";
import { highlightTree, tags as t, tagHighlighter } from "@lezer/highlight";
import type { ReactNode } from "react";

const classes = tagHighlighter([
  { tag: [t.string, t.propertyName], class: "text-[var(--str)]" },
  { tag: [t.number, t.bool, t.null], class: "text-[var(--num)]" },
]);

/** Longer texts are shown plain: colours are not worth a pause. */
const LONGEST = 60_000;

export function highlightJson(text: string): ReactNode[] {
  if (text.length > LONGEST) return [text];
  const parts: ReactNode[] = [];
  let end = 0;
  highlightTree(jsonLanguage.parser.parse(text), classes, (from, to, className) => {
    if (from > end) parts.push(text.slice(end, from));
    parts.push(
      <span key={from} className={className}>
        {text.slice(from, to)}
      </span>,
    );
    end = to;
  });
  parts.push(text.slice(end));
  return parts;
}
