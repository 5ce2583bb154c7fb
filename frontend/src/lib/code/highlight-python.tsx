/** Lines of Python that are only shown, coloured like the editor's. They may begin in the middle of a file. */
import { pythonLanguage } from "@codemirror/lang-python";
import { highlightTree, tags as t, tagHighlighter } from "@lezer/highlight";
import type { ReactNode } from "react";

const classes = tagHighlighter([
  { tag: [t.keyword, t.operatorKeyword, t.controlKeyword, t.definitionKeyword, t.moduleKeyword], class: "text-(--kw)" },
  { tag: [t.string, t.special(t.string)], class: "text-(--str)" },
  { tag: [t.number, t.bool, t.null], class: "text-(--num)" },
  { tag: [t.function(t.variableName), t.function(t.propertyName), t.className], class: "text-(--fn)" },
  { tag: [t.comment, t.lineComment], class: "text-(--com)" },
  { tag: t.meta, class: "text-(--dec)" },
]);

/** Each line's coloured parts. */
export function pythonLines(lines: readonly string[]): ReactNode[][] {
  const text = lines.join("\n");
  const parts: ReactNode[][] = [[]];
  const put = (piece: string, className?: string) => {
    piece.split("\n").forEach((one, index) => {
      if (index > 0) parts.push([]);
      const line = parts.at(-1);
      if (one === "" || !line) return;
      line.push(
        className ? (
          <span key={line.length} className={className}>
            {one}
          </span>
        ) : (
          one
        ),
      );
    });
  };
  let end = 0;
  highlightTree(pythonLanguage.parser.parse(text), classes, (from, to, className) => {
    put(text.slice(end, from));
    put(text.slice(from, to), className);
    end = to;
  });
  put(text.slice(end));
  return parts;
}
