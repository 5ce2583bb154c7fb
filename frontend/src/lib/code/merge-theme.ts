/**
 * Colours of a merge view: what is gone in the colour of errors, what is new in that of running, both so quiet that every
 * colour of the code keeps its contrast on them; the very words that differ are underlined. Put it before the code's theme.
 */
import { EditorView } from "@codemirror/view";

const tint = (name: string) => ({ backgroundColor: `color-mix(in srgb, var(--${name}) 7%, transparent)` });
const underline = (name: string) => ({ background: "none", borderBottom: `2px solid var(--${name})` });

export const mergeTheme = EditorView.theme({
  "&": { height: "auto", backgroundColor: "var(--surface)", "--com": "var(--muted)" },
  // Nothing above the first line, or the buttons between two columns stand too high.
  ".cm-content": { padding: "0 0 12px" },
  "&.cm-merge-a .cm-changedLine, .cm-deletedChunk": tint("error"),
  "&.cm-merge-b .cm-changedLine, .cm-changedLine": tint("running"),
  "&.cm-merge-b .cm-insertedLine, .cm-insertedLine": { background: "none" },
  "&.cm-merge-a .cm-changedText, .cm-deletedChunk .cm-deletedText": underline("error"),
  "&.cm-merge-b .cm-changedText, .cm-changedText": underline("running"),
  ".cm-deletedChunk": { paddingLeft: "6px" },
  ".cm-deletedLine, .cm-deletedLine del": { textDecoration: "none", background: "none" },
  ".cm-activeLine": { backgroundColor: "transparent" },
  "&.cm-merge-a .cm-changedLineGutter, .cm-deletedLineGutter": { background: "var(--error)" },
  "&.cm-merge-b .cm-changedLineGutter, .cm-changedLineGutter": { background: "var(--running)" },
  ".cm-changeGutter": { width: "3px", paddingLeft: "0" },
  ".cm-collapsedLines": {
    background: "var(--raised)",
    color: "var(--muted)",
    padding: "4px 16px",
    font: "12px/18px var(--ui)",
  },
  // The marks that it comes with are in no font of ours.
  ".cm-collapsedLines:before, .cm-collapsedLines:after": { content: '"···"', margin: "0 6px" },
});
