/** CodeMirror's merge view as something that is only read, in the editor's own colours. */
import { MergeView, unifiedMergeView } from "@codemirror/merge";
import { EditorState, type Extension } from "@codemirror/state";
import { EditorView, lineNumbers } from "@codemirror/view";
import { useEffect, useRef } from "react";
import { languageLater, languageNow } from "@/lib/code/languages";
import { mergeTheme } from "@/lib/code/merge-theme";
import { codeTheme, highlighting } from "@/lib/code/theme";

export interface DiffProps {
  /** For the language, and for what it is called. */
  path: string;
  before: string;
  after: string;
  /** One beneath the other instead of side by side. */
  unified?: boolean;
  /** What the two sides are called by assistive technology. */
  labels?: readonly [string, string];
}

const COLLAPSE = { margin: 3, minSize: 6 };
/** Texts that differ in everything are not worth a pause. */
const DIFF = { scanLimit: 5_000, timeout: 300 };

export function DiffPanes({ path, before, after, unified = false, labels = ["Before", "After"] }: DiffProps) {
  const parent = useRef<HTMLDivElement>(null);
  const [left, right] = labels;
  useEffect(() => {
    const element = parent.current;
    if (!element) return;
    let destroy: (() => void) | undefined;
    let wanted = true;
    void Promise.resolve(languageLater(path) ?? languageNow(path)).then((language) => {
      if (!wanted) return;
      const view = unified
        ? oneBeneath(element, before, after, [language, named(`${path}, ${right}`)])
        : sideBySide(element, before, after, language, [`${path}, ${left}`, `${path}, ${right}`]);
      destroy = () => view.destroy();
    });
    return () => {
      wanted = false;
      destroy?.();
    };
  }, [path, before, after, unified, left, right]);
  return <div ref={parent} className="h-full min-h-0 overflow-auto bg-surface" />;
}

const reading: Extension = [
  lineNumbers(),
  EditorState.readOnly.of(true),
  EditorView.editable.of(false),
  EditorView.lineWrapping,
  mergeTheme,
  codeTheme,
  highlighting,
];

/** Read-only text takes no focus by itself, and what scrolls must be reachable. */
function named(label: string): Extension {
  return EditorView.contentAttributes.of({
    "aria-label": label,
    tabindex: "0",
    role: "textbox",
    "aria-readonly": "true",
  });
}

function sideBySide(parent: HTMLElement, before: string, after: string, language: Extension, labels: [string, string]) {
  return new MergeView({
    parent,
    a: { doc: before, extensions: [language, reading, named(labels[0])] },
    b: { doc: after, extensions: [language, reading, named(labels[1])] },
    gutter: true,
    collapseUnchanged: COLLAPSE,
    diffConfig: DIFF,
  });
}

function oneBeneath(parent: HTMLElement, before: string, after: string, extensions: Extension[]) {
  const merge = unifiedMergeView({
    original: before,
    mergeControls: false,
    gutter: true,
    collapseUnchanged: COLLAPSE,
    diffConfig: DIFF,
  });
  return new EditorView({ parent, doc: after, extensions: [...extensions, reading, merge] });
}
