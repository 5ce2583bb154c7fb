/** Jinja inside of HTML: `{{ value }}`, `{% block %}` and `{# comment #}` stand out from the markup that they make. */
import type { Extension } from "@codemirror/state";
import {
  Decoration,
  type DecorationSet,
  EditorView,
  MatchDecorator,
  ViewPlugin,
  type ViewUpdate,
} from "@codemirror/view";

const marks = {
  "{": Decoration.mark({ class: "cm-jinja" }),
  "%": Decoration.mark({ class: "cm-jinja cm-jinja-block" }),
  "#": Decoration.mark({ class: "cm-jinja-comment" }),
};

const matcher = new MatchDecorator({
  regexp: /\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}/g,
  decoration: (match) => marks[(match[0] as string)[1] as keyof typeof marks],
});

export const jinja: Extension = [
  ViewPlugin.fromClass(
    class {
      decorations: DecorationSet;
      constructor(view: EditorView) {
        this.decorations = matcher.createDeco(view);
      }
      update(update: ViewUpdate) {
        this.decorations = matcher.updateDeco(update, this.decorations);
      }
    },
    { decorations: (plugin) => plugin.decorations },
  ),
  EditorView.baseTheme({
    ".cm-jinja, .cm-jinja span": { color: "var(--dec)" },
    ".cm-jinja-block, .cm-jinja-block span": { color: "var(--kw)" },
    ".cm-jinja-comment, .cm-jinja-comment span": { color: "var(--com)", fontStyle: "italic" },
  }),
];
