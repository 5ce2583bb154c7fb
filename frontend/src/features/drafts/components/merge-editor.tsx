/**
 * Two sides of one file, of which one text is made: the other side left and only read, ours right and edited, with a button
 * at each difference that takes the other's piece. Where there is no room for two columns, one beneath the other.
 */
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { MergeView, unifiedMergeView } from "@codemirror/merge";
import { EditorState, type Extension } from "@codemirror/state";
import { EditorView, keymap, lineNumbers } from "@codemirror/view";
import { useEffect, useRef } from "react";
import { languageLater, languageNow } from "@/lib/code/languages";
import { mergeTheme } from "@/lib/code/merge-theme";
import { codeTheme, highlighting } from "@/lib/code/theme";

interface Props {
  path: string;
  theirs: string;
  /** The text to begin with; what becomes of it is told to `onEdit`. */
  text: string;
  unified: boolean;
  onEdit: (text: string) => void;
}

export function MergeEditor({ path, theirs, text, unified, onEdit }: Props) {
  const parent = useRef<HTMLDivElement>(null);
  const tell = useRef(onEdit);
  tell.current = onEdit;
  const first = useRef(text);
  first.current = text;

  useEffect(() => {
    const element = parent.current;
    if (!element) return;
    let destroy: (() => void) | undefined;
    let wanted = true;
    const edits = EditorView.updateListener.of((update) => {
      if (update.docChanged) tell.current(update.state.doc.toString());
    });
    void Promise.resolve(languageLater(path) ?? languageNow(path)).then((language) => {
      if (!wanted) return;
      const own = [language, common, history(), keymap.of([...historyKeymap, ...defaultKeymap]), edits, named(path)];
      const view = unified
        ? oneBeneath(element, theirs, first.current, own)
        : two(element, path, theirs, first.current, own);
      destroy = () => view.destroy();
    });
    return () => {
      wanted = false;
      destroy?.();
    };
  }, [path, theirs, unified]);

  return <div ref={parent} className="h-[46vh] min-h-40 overflow-auto bg-surface" />;
}

const common: Extension = [lineNumbers(), EditorView.lineWrapping, mergeTheme, codeTheme, highlighting];

function named(path: string): Extension {
  return EditorView.contentAttributes.of({ "aria-label": `${path}, to be saved`, spellcheck: "false" });
}

function two(parent: HTMLElement, path: string, theirs: string, text: string, own: Extension[]): MergeView {
  const read = [
    EditorState.readOnly.of(true),
    EditorView.contentAttributes.of({ "aria-label": `${path}, elsewhere` }),
    common,
    own[0] as Extension,
  ];
  return new MergeView({
    parent,
    a: { doc: theirs, extensions: read },
    b: { doc: text, extensions: own },
    gutter: true,
    revertControls: "a-to-b",
    renderRevertControl: () => control("Take this", "→"),
  });
}

function oneBeneath(parent: HTMLElement, theirs: string, text: string, own: Extension[]): EditorView {
  const merge = unifiedMergeView({
    original: theirs,
    gutter: true,
    mergeControls: (type, action) => {
      const button = control(type === "reject" ? "Take theirs" : "Keep mine");
      button.addEventListener("mousedown", action);
      return button;
    },
  });
  return new EditorView({ parent, doc: text, extensions: [...own, merge] });
}

function control(label: string, sign = label): HTMLButtonElement {
  const button = document.createElement("button");
  button.type = "button";
  button.title = label;
  button.setAttribute("aria-label", label);
  button.className = "rounded-sm text-muted hover:bg-raised hover:text-text";
  button.textContent = sign;
  // The merge view listens to the pointer alone; a press by keyboard is a click without one.
  button.addEventListener("click", (event) => {
    if (event.detail === 0) button.dispatchEvent(new MouseEvent("mousedown", { bubbles: true, cancelable: true }));
  });
  return button;
}
