/**
 * Findings in the code: a squiggle where it is wrong and a line beneath it that says what. They move with the text while
 * it is edited, and are replaced as a whole when the next check answers.
 */
import {
  type ChangeDesc,
  type EditorState,
  type Extension,
  type Range,
  StateEffect,
  StateField,
  type Text,
} from "@codemirror/state";
import { Decoration, type DecorationSet, EditorView, WidgetType } from "@codemirror/view";
import type { Finding } from "../api/types";
import { sentence } from "../format";

export const setFindings = StateEffect.define<readonly Finding[]>();

class FindingLine extends WidgetType {
  constructor(
    private readonly message: string,
    private readonly hint: string,
  ) {
    super();
  }

  override eq(other: FindingLine): boolean {
    return other.message === this.message && other.hint === this.hint;
  }

  override toDOM(): HTMLElement {
    const line = document.createElement("div");
    line.className = "cm-finding";
    const box = document.createElement("div");
    box.setAttribute("role", "alert");
    box.append(icon());
    const words = document.createElement("div");
    words.append(this.hint ? sentence(this.message) : this.message);
    if (this.hint) {
      const hint = document.createElement("span");
      hint.textContent = ` ${this.hint}`;
      words.append(hint);
    }
    box.append(words);
    line.append(box);
    return line;
  }

  override ignoreEvent(): boolean {
    return true;
  }
}

function icon(): SVGElement {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 14 14");
  svg.setAttribute("fill", "none");
  svg.setAttribute("stroke", "currentColor");
  svg.setAttribute("stroke-width", "1.3");
  svg.setAttribute("stroke-linecap", "round");
  svg.setAttribute("aria-hidden", "true");
  for (const d of ["M7 1.2a5.8 5.8 0 1 1 0 11.6A5.8 5.8 0 0 1 7 1.2Z", "M7 4.2v3.2", "M7 9.7v.1"]) {
    const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
    path.setAttribute("d", d);
    svg.append(path);
  }
  return svg;
}

/** Where the squiggle goes: from the column to the end of the word there, else the whole line without its indent. */
export function squiggle(doc: Text, finding: Finding): { from: number; to: number; end: number } | null {
  if (!finding.line) return null;
  const line = doc.line(Math.min(finding.line, doc.lines));
  const indent = line.text.length - line.text.trimStart().length;
  const start = finding.column ? Math.min(finding.column - 1, line.text.length) : indent;
  const word = /^[\w.]+/.exec(line.text.slice(start));
  const stop = finding.column && word ? start + word[0].length : line.text.trimEnd().length;
  const [from, to] = stop > start ? [start, stop] : [indent, line.text.trimEnd().length];
  return { from: line.from + from, to: line.from + Math.max(from, to), end: line.to };
}

/** A finding with where it stands now, after all edits since it was told. */
export interface PlacedFinding {
  finding: Finding;
  from: number;
  to: number;
  /** The end of its line, where its words stand below. */
  end: number;
}

interface Shown {
  placed: readonly PlacedFinding[];
  decorations: DecorationSet;
}

function show(doc: Text, findings: readonly Finding[]): Shown {
  const placed = findings.flatMap((finding) => {
    const at = squiggle(doc, finding);
    return at ? [{ finding, ...at }] : [];
  });
  const ranges: Range<Decoration>[] = [];
  for (const { finding, from, to, end } of placed) {
    if (to > from) ranges.push(Decoration.mark({ class: "cm-squiggle" }).range(from, to));
    const widget = new FindingLine(finding.message, finding.hint ?? "");
    ranges.push(Decoration.widget({ widget, block: true, side: 1 }).range(end));
  }
  return { placed, decorations: Decoration.set(ranges, true) };
}

function moved({ placed, decorations }: Shown, changes: ChangeDesc): Shown {
  const at = (pos: number) => changes.mapPos(pos, 1);
  const now = placed.map((each) => ({ ...each, from: at(each.from), to: at(each.to), end: at(each.end) }));
  return { placed: now, decorations: decorations.map(changes) };
}

const field = StateField.define<Shown>({
  create: () => ({ placed: [], decorations: Decoration.none }),
  update(value, transaction) {
    let next = transaction.docChanged ? moved(value, transaction.changes) : value;
    for (const effect of transaction.effects)
      if (effect.is(setFindings)) next = show(transaction.state.doc, effect.value);
    return next;
  },
  provide: (own) => EditorView.decorations.from(own, (value) => value.decorations),
});

export const findingsField: Extension = field;

export function placedFindings(state: EditorState): readonly PlacedFinding[] {
  return state.field(field, false)?.placed ?? [];
}
