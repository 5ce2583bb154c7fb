/** The editor's own behaviour: history, brackets, indentation by four, search, completion, and a way out by keyboard. */
import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { bracketMatching, indentOnInput, indentUnit } from "@codemirror/language";
import { highlightSelectionMatches, searchKeymap } from "@codemirror/search";
import { Compartment, EditorState, type Extension } from "@codemirror/state";
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  keymap,
  lineNumbers,
} from "@codemirror/view";
import { languageNow } from "@/lib/code/languages";
import { codeTheme, highlighting } from "@/lib/code/theme";
import { findingsField } from "./findings";

export const language = new Compartment();

const common: Extension = [
  lineNumbers(),
  highlightActiveLine(),
  highlightActiveLineGutter(),
  history(),
  drawSelection(),
  indentOnInput(),
  bracketMatching(),
  closeBrackets(),
  autocompletion(),
  highlightSelectionMatches(),
  keymap.of([
    ...closeBracketsKeymap,
    ...searchKeymap,
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
  highlighting,
  findingsField,
];

/** A fresh state for one file: its text, its language, and what to tell of each edit. */
export function fileState(path: string, text: string, onEdit: (text: string) => void): EditorState {
  const indent = path.endsWith(".py") ? "    " : "  ";
  const extensions = [
    language.of(languageNow(path)),
    indentUnit.of(indent),
    common,
    EditorView.updateListener.of((update) => update.docChanged && onEdit(update.state.doc.toString())),
  ];
  return EditorState.create({ doc: text, extensions });
}
