/** The editor's own behaviour: history, brackets, indentation by four, search, completion, and a way out by keyboard. */
import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { bracketMatching, foldGutter, foldKeymap, indentOnInput, indentUnit } from "@codemirror/language";
import { lintGutter } from "@codemirror/lint";
import { highlightSelectionMatches, search, searchKeymap } from "@codemirror/search";
import { Compartment, EditorState, type Extension } from "@codemirror/state";
import {
  crosshairCursor,
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  keymap,
  lineNumbers,
  rectangularSelection,
} from "@codemirror/view";
import { findingsField } from "@/lib/code/findings";
import { languageNow } from "@/lib/code/languages";
import { panelTheme } from "@/lib/code/panels";
import { codeTheme, highlighting } from "@/lib/code/theme";

/** The file's language, and the tools for it, both of which may come later than its text. */
export const language = new Compartment();
export const tools = new Compartment();

/** A chevron, drawn by the style sheet; open ones show on hover only. */
function foldMarker(open: boolean): HTMLElement {
  const marker = document.createElement("span");
  marker.className = open ? "cm-fold-open" : "cm-fold-closed";
  marker.title = open ? "Fold" : "Unfold";
  return marker;
}

/**
 * More cursors: Alt-click, Alt-Shift-drag for a column, Cmd/Ctrl-D for the next same word. Cmd/Ctrl-click is left to going
 * where a name is defined.
 */
const cursors: Extension = [
  EditorState.allowMultipleSelections.of(true),
  EditorView.clickAddsSelectionRange.of((event) => event.altKey && !event.shiftKey),
  rectangularSelection({ eventFilter: (event) => event.altKey && event.shiftKey && event.button === 0 }),
  crosshairCursor({ key: "Alt" }),
];

const common: Extension = [
  // Here and not with the tools that fill it, so that nothing moves aside when they come.
  lintGutter({ hoverTime: 120 }),
  lineNumbers(),
  foldGutter({ markerDOM: foldMarker }),
  cursors,
  highlightActiveLine(),
  highlightActiveLineGutter(),
  history(),
  drawSelection(),
  indentOnInput(),
  bracketMatching(),
  closeBrackets(),
  autocompletion({ maxRenderedOptions: 60 }),
  highlightSelectionMatches({ minSelectionLength: 2 }),
  search({ top: true }),
  keymap.of([
    ...closeBracketsKeymap,
    ...searchKeymap,
    ...foldKeymap,
    ...historyKeymap,
    ...completionKeymap,
    ...defaultKeymap,
    indentWithTab,
  ]),
  EditorView.contentAttributes.of({
    "aria-label": "Code",
    tabindex: "0",
    spellcheck: "false",
    autocapitalize: "off",
    autocorrect: "off",
  }),
  codeTheme,
  panelTheme,
  highlighting,
  findingsField,
];

/** A fresh state for one file: its text, its language, and what to tell of each edit. */
export function fileState(path: string, text: string, onEdit: (text: string) => void): EditorState {
  const indent = path.endsWith(".py") ? "    " : "  ";
  const extensions = [
    language.of(languageNow(path)),
    tools.of([]),
    path.endsWith(".md") ? EditorView.lineWrapping : [],
    indentUnit.of(indent),
    common,
    EditorView.updateListener.of((update) => update.docChanged && onEdit(update.state.doc.toString())),
  ];
  return EditorState.create({ doc: text, extensions });
}
