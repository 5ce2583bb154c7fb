/**
 * A small editor for a query: JSON in colours, names of fields and operators offered, Enter asks, Shift-Enter makes a line.
 * A mistake is underlined where it is, and told beneath.
 */
import { autocompletion, type CompletionContext, closeBrackets, closeBracketsKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, insertNewlineAndIndent } from "@codemirror/commands";
import { json } from "@codemirror/lang-json";
import { bracketMatching } from "@codemirror/language";
import { Compartment, EditorState, type Extension, Prec } from "@codemirror/state";
import { Decoration, EditorView, keymap, placeholder } from "@codemirror/view";
import { useEffect, useId, useRef } from "react";
import { cn } from "@/lib/cn";
import { codeTheme, highlighting } from "@/lib/code/theme";
import type { Mistake } from "../model/query-text";

const OPERATORS =
  "$eq $ne $gt $gte $lt $lte $in $nin $exists $type $regex $and $or $nor $not $all $elemMatch $size $mod $expr".split(
    " ",
  );

const look = EditorView.theme({
  "&": { height: "auto", fontSize: "12px" },
  ".cm-scroller": { maxHeight: "160px", lineHeight: "19px" },
  ".cm-content": { padding: "5px 0" },
  ".cm-line": { padding: "0 8px" },
  ".cm-placeholder": { color: "var(--faint)" },
  "&:not(.cm-focused) .cm-matchingBracket": { backgroundColor: "transparent", outline: "none" },
});

interface Props {
  label: string;
  hint: string;
  value: string;
  fields: readonly string[];
  mistake: Mistake | null;
  onChange: (text: string) => void;
  onEnter: () => void;
  className?: string;
}

export function JsonInput({ label, hint, value, fields, mistake, onChange, onEnter, className }: Props) {
  const id = useId();
  const parent = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(undefined);
  const marks = useRef(new Compartment());
  const latest = useRef({ fields, onChange, onEnter });
  latest.current = { fields, onChange, onEnter };

  // biome-ignore lint/correctness/useExhaustiveDependencies: made once; what changes is told to it below
  useEffect(() => {
    if (!parent.current) return;
    const editor = new EditorView({
      parent: parent.current,
      state: EditorState.create({
        doc: value,
        extensions: [
          keys(() => latest.current.onEnter()),
          history(),
          closeBrackets(),
          bracketMatching(),
          json(),
          autocompletion({ override: [(context) => offer(context, latest.current.fields)], icons: false }),
          EditorView.lineWrapping,
          placeholder(hint),
          look,
          codeTheme,
          highlighting,
          marks.current.of([]),
          EditorView.contentAttributes.of({ "aria-label": label, "aria-describedby": `${id}-note` }),
          EditorView.updateListener.of((update) => {
            if (update.docChanged) latest.current.onChange(update.state.doc.toString());
          }),
        ],
      }),
    });
    view.current = editor;
    return () => editor.destroy();
  }, []);

  useEffect(() => {
    const editor = view.current;
    if (!editor || editor.state.doc.toString() === value) return;
    editor.dispatch({ changes: { from: 0, to: editor.state.doc.length, insert: value } });
  }, [value]);

  useEffect(() => {
    view.current?.dispatch({ effects: marks.current.reconfigure(mistake ? underlined(mistake, value) : []) });
  }, [mistake, value]);

  return (
    <div className={cn("min-w-0", className)}>
      <div className="flex items-stretch gap-2">
        <span
          className="flex h-[30px] w-[40px] shrink-0 items-center text-muted text-sm pointer-coarse:h-11"
          aria-hidden
        >
          {label}
        </span>
        <div
          ref={parent}
          className={cn(
            "min-w-0 flex-1 overflow-hidden rounded-md border bg-bg focus-within:outline-2 focus-within:outline-focus pointer-coarse:py-1",
            mistake ? "border-error" : "border-line-strong",
          )}
        />
      </div>
      <p id={`${id}-note`} role={mistake ? "alert" : undefined} className="ml-[48px] text-error text-sm">
        {mistake && <span className="block pt-1">{mistakeWords(mistake, value)}</span>}
      </p>
    </div>
  );
}

function keys(onEnter: () => void): Extension {
  const ask = () => {
    onEnter();
    return true;
  };
  return [
    // Behind the list of completions, which has the highest precedence: there Enter takes what is offered.
    Prec.high(
      keymap.of([
        { key: "Enter", run: ask, shift: insertNewlineAndIndent },
        { key: "Mod-Enter", run: ask },
      ]),
    ),
    keymap.of([...closeBracketsKeymap, ...historyKeymap, ...defaultKeymap]),
  ];
}

function offer(context: CompletionContext, fields: readonly string[]) {
  const word = context.matchBefore(/[$\w.]+/);
  if (!word) return null;
  const options = [
    ...fields.map((label) => ({ label, type: "property" })),
    ...OPERATORS.map((label) => ({ label, type: "keyword" })),
  ];
  return { from: word.from, options, validFor: /^[$\w.]*$/ };
}

function underlined({ from, to }: Mistake, text: string): Extension {
  const end = Math.min(Math.max(to, from + 1), text.length);
  if (from >= end) return [];
  return EditorView.decorations.of(Decoration.set([Decoration.mark({ class: "cm-squiggle" }).range(from, end)]));
}

/** With the line where there is more than one. */
function mistakeWords({ message, from }: Mistake, text: string): string {
  const before = text.slice(0, from).split("\n");
  const place = text.includes("\n") ? `Line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}: ` : "";
  return `${place}${message}`;
}
