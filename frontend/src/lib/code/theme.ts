/** How code looks, in the tokens of both themes: for CodeMirror, and (`highlight`) for code that is only shown. */
import { HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { EditorView } from "@codemirror/view";
import { tags as t } from "@lezer/highlight";

const style = HighlightStyle.define([
  {
    tag: [t.keyword, t.operatorKeyword, t.modifier, t.controlKeyword, t.definitionKeyword, t.moduleKeyword],
    color: "var(--kw)",
  },
  { tag: [t.string, t.special(t.string), t.regexp, t.attributeValue], color: "var(--str)" },
  { tag: [t.number, t.bool, t.null, t.atom, t.unit, t.color], color: "var(--num)" },
  {
    tag: [
      t.function(t.variableName),
      t.function(t.propertyName),
      t.className,
      t.definition(t.function(t.variableName)),
      t.tagName,
    ],
    color: "var(--fn)",
  },
  { tag: [t.comment, t.lineComment, t.blockComment], color: "var(--com)" },
  { tag: [t.meta, t.annotation, t.attributeName, t.heading], color: "var(--dec)" },
  { tag: t.heading, fontWeight: "600" },
  { tag: t.link, textDecoration: "underline" },
]);

export const highlighting = syntaxHighlighting(style);

export const codeTheme = EditorView.theme({
  "&": { height: "100%", fontSize: "12.5px", color: "var(--text)", backgroundColor: "transparent" },
  "&.cm-focused": { outline: "none" },
  ".cm-scroller": {
    fontFamily: "var(--mono)",
    lineHeight: "20px",
    fontVariantLigatures: "none",
    containerType: "inline-size",
  },
  ".cm-content": { padding: "10px 0 40px", caretColor: "var(--accent)" },
  ".cm-line": { padding: "0 16px 0 6px" },
  ".cm-cursor": { borderLeftColor: "var(--accent)", borderLeftWidth: "2px" },
  ".cm-gutters": { backgroundColor: "transparent", color: "var(--faint)", border: "none" },
  ".cm-lineNumbers .cm-gutterElement": { padding: "0 4px 0 0", minWidth: "28px" },
  ".cm-gutter-lint": { width: "14px" },
  ".cm-gutter-lint .cm-gutterElement": { padding: "0" },
  ".cm-foldGutter .cm-gutterElement": { width: "16px", padding: "0", cursor: "pointer" },
  ".cm-fold-open, .cm-fold-closed": { display: "grid", placeItems: "center", height: "20px" },
  ".cm-fold-open:before, .cm-fold-closed:before": {
    content: '""',
    width: "5px",
    height: "5px",
    borderRight: "1.3px solid currentColor",
    borderBottom: "1.3px solid currentColor",
    transform: "translateY(-1px) rotate(45deg)",
  },
  ".cm-fold-closed:before": { transform: "translateX(-1px) rotate(-45deg)", color: "var(--text)" },
  ".cm-fold-open": { opacity: "0", transition: "opacity 120ms" },
  ".cm-gutters:hover .cm-fold-open": { opacity: "1" },
  ".cm-foldPlaceholder": {
    margin: "0 4px",
    padding: "0 6px",
    color: "var(--muted)",
    backgroundColor: "var(--raised)",
    border: "1px solid var(--line-strong)",
    borderRadius: "4px",
  },
  ".cm-activeLine": { backgroundColor: "color-mix(in srgb, var(--raised) 55%, transparent)" },
  ".cm-activeLineGutter": { backgroundColor: "transparent", color: "var(--text)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": {
    backgroundColor: "color-mix(in srgb, var(--accent) 24%, transparent)",
  },
  ".cm-matchingBracket": { backgroundColor: "var(--raised)", outline: "1px solid var(--line-strong)" },
  ".cm-selectionMatch": { backgroundColor: "color-mix(in srgb, var(--accent) 14%, transparent)" },
  ".cm-tooltip": {
    backgroundColor: "var(--surface)",
    border: "1px solid var(--line)",
    borderRadius: "8px",
    boxShadow: "var(--shadow)",
    overflow: "hidden",
  },
  ".cm-squiggle": {
    textDecoration: "underline wavy var(--error) 1px",
    textUnderlineOffset: "4px",
    textDecorationSkipInk: "none",
  },
  // A widget between lines may have no margin, or the line numbers lose count of the height.
  ".cm-finding": { padding: "3px 0 3px 6px" },
  ".cm-finding > div": {
    display: "flex",
    alignItems: "flex-start",
    gap: "8px",
    width: "fit-content",
    // Of what is seen of the code, which a long line makes wider than its pane.
    maxWidth: "min(100% - 24px, 100cqi - 90px)",
    padding: "3px 10px",
    borderRadius: "4px",
    backgroundColor: "var(--error-bg)",
    color: "var(--error)",
    font: "12px/18px var(--ui)",
    whiteSpace: "normal",
    cursor: "default",
  },
  ".cm-finding svg": { width: "13px", height: "18px", flex: "none" },
  ".cm-finding span": { color: "var(--text)" },
});
