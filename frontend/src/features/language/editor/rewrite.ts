/** Another text for the whole file, put in as the changes that it is, so that cursor, folds and findings stay. */
import { diff } from "@codemirror/merge";
import type { EditorView } from "@codemirror/view";

/** Beyond this much work a coarser difference will do. */
const DIFF = { scanLimit: 2_000, timeout: 200 };

export function rewrite(view: EditorView, text: string, userEvent: string): boolean {
  const before = view.state.doc.toString();
  if (before === text) return false;
  const changes = diff(before, text, DIFF).map(({ fromA, toA, fromB, toB }) => ({
    ...{ from: fromA, to: toA },
    insert: text.slice(fromB, toB),
  }));
  view.dispatch({ changes, userEvent });
  return true;
}
