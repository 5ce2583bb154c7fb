/**
 * CodeMirror for the open file. Each file keeps its own state (cursor, undo) while the editor is open; a text that was
 * replaced from outside (`generation`) starts over.
 */
import type { EditorState } from "@codemirror/state";
import { EditorView } from "@codemirror/view";
import { useEffect, useRef } from "react";
import type { Finding } from "@/lib/api/types";
import { setFindings } from "@/lib/code/findings";
import { languageLater } from "@/lib/code/languages";
import type { CodeTools } from "@/lib/code/tools";
import { fileState, language, tools as toolsSlot } from "../code/setup";
import { useEditorStore } from "../store";

interface Props {
  path: string;
  generation: number;
  findings: readonly Finding[];
  line?: number;
  /** What knows the file's language; null until it has been fetched. */
  tools: CodeTools | null;
}

export function CodeEditor({ path, generation, findings, line, tools }: Props) {
  const parent = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(undefined);
  const states = useRef(new Map<string, EditorState>());

  useEffect(() => {
    if (!parent.current) return;
    view.current = new EditorView({ parent: parent.current });
    return () => view.current?.destroy();
  }, []);

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new generation means that every kept state is stale
  useEffect(() => {
    states.current.clear();
  }, [generation]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the text is read once when a file opens; edits flow out only
  useEffect(() => {
    const editor = view.current;
    if (!editor) return;
    const text = useEditorStore.getState().files[path] ?? "";
    const kept = states.current.get(path);
    editor.setState(
      kept?.doc.toString() === text
        ? kept
        : fileState(path, text, (next) => useEditorStore.getState().edit(path, next)),
    );
    let shown = true;
    void languageLater(path)?.then((extension) => {
      if (shown) editor.dispatch({ effects: language.reconfigure(extension) });
    });
    const keep = states.current;
    return () => {
      shown = false;
      keep.set(path, editor.state);
    };
  }, [path, generation]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: a file that has just been opened needs its tools again
  useEffect(() => {
    const editor = view.current;
    if (!editor || !tools) return;
    editor.dispatch({ effects: toolsSlot.reconfigure(tools.extension(path)) });
    tools.shown(editor, path);
  }, [tools, path, generation]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: a file that has just been opened needs its findings again
  useEffect(() => {
    view.current?.dispatch({ effects: setFindings.of(findings.filter((finding) => finding.file === path)) });
  }, [findings, path, generation]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: jumps when the place asked for changes, not on every render
  useEffect(() => {
    const editor = view.current;
    if (!editor || !line) return;
    const at = editor.state.doc.line(Math.min(line, editor.state.doc.lines)).from;
    editor.dispatch({ selection: { anchor: at }, effects: EditorView.scrollIntoView(at, { y: "center" }) });
    editor.focus();
  }, [line, path, generation]);

  return <div ref={parent} className="h-full min-h-0 overflow-hidden" />;
}
