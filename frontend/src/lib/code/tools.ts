/** What the code editor asks of whatever knows languages, so that either can be there without the other. */
import type { Extension } from "@codemirror/state";
import type { EditorView } from "@codemirror/view";

export interface CodeTools {
  /** What to add to the editor of that file; the same answer for the same file. */
  extension: (path: string) => Extension;
  /** That file is in the editor now. */
  shown: (view: EditorView, path: string) => void;
}
