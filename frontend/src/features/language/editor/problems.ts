/**
 * Problems as you type: asks for them a moment after the last change, keeps them where their text goes, and draws them
 * together with the platform's findings: squiggles, marks beside the line, words and fixes on hover.
 */
import { type Diagnostic, linter, lintKeymap, setDiagnostics } from "@codemirror/lint";
import { type ChangeDesc, type EditorState, type Extension, StateEffect, StateField } from "@codemirror/state";
import { type EditorView, keymap, ViewPlugin, type ViewUpdate } from "@codemirror/view";
import { placedFindings, setFindings } from "@/lib/code/findings";
import { sentence } from "@/lib/format";
import { worthTelling } from "../ruff/merge";
import { plain } from "../ruff/problems";
import type { RuffProblem } from "../ruff/protocol";
import { severityOf } from "../ruff/rules";

/** Long enough not to ask at every letter, short enough to feel at once. */
const REST_MS = 250;

export interface Fix {
  title: string;
  apply: (view: EditorView) => void;
}

export interface Checking {
  /** Null when nobody can tell. */
  check: (state: EditorState) => Promise<readonly RuffProblem[] | null>;
  fixes: (state: EditorState, problem: RuffProblem) => readonly Fix[];
}

const setProblems = StateEffect.define<readonly RuffProblem[]>();

const problemsField = StateField.define<readonly RuffProblem[]>({
  create: () => [],
  update(value, transaction) {
    for (const effect of transaction.effects) if (effect.is(setProblems)) return effect.value;
    return transaction.docChanged ? value.map((problem) => moved(problem, transaction.changes)) : value;
  },
});

/** Problems and their fixes move with the text, so that a fix is right for as long as its place was not touched. */
function moved(problem: RuffProblem, changes: ChangeDesc): RuffProblem {
  const [from, to] = [changes.mapPos(problem.from, 1), changes.mapPos(problem.to, -1)];
  const { fix } = problem;
  if (fix?.edits.some((edit) => changes.touchesRange(edit.from, edit.to)))
    return { ...problem, from, to: Math.max(from, to), fix: null };
  const edits = fix?.edits.map((edit) => ({
    ...edit,
    from: changes.mapPos(edit.from, -1),
    to: changes.mapPos(edit.to, -1),
  }));
  return { ...problem, from, to: Math.max(from, to), fix: fix && { ...fix, edits: edits ?? [] } };
}

export function problemsOn(state: EditorState, from: number, to: number): RuffProblem[] {
  const problems = state.field(problemsField, false) ?? [];
  return problems.filter((problem) => problem.from <= to && problem.to >= from);
}

function diagnostics(state: EditorState, fixes: Checking["fixes"]): Diagnostic[] {
  const findings = placedFindings(state);
  const told = worthTelling(state.doc, findings, state.field(problemsField));
  const ours = findings.map(
    ({ finding, from, to }): Diagnostic => ({
      ...{ from, to, severity: "error", markClass: "cm-told" },
      message: [sentence(finding.message), finding.hint].filter(Boolean).join(" "),
    }),
  );
  const theirs = told.map(
    (problem): Diagnostic => ({
      from: problem.from,
      to: Math.max(problem.to, problem.from),
      severity: severityOf(problem.code),
      markClass: problem.unnecessary ? "cm-unnecessary" : undefined,
      message: `${sentence(plain(problem.message))}`,
      source: problem.code === "invalid-syntax" ? undefined : problem.code,
      actions: fixes(state, problem).map(({ title, apply }) => ({ name: title, apply: (view) => apply(view) })),
    }),
  );
  return [...ours, ...theirs].sort((a, b) => a.from - b.from);
}

const isSyntax = ({ code }: RuffProblem) => code === "invalid-syntax";

class Checker {
  private timer: ReturnType<typeof setTimeout> | undefined;
  private gone = false;

  constructor(
    private readonly view: EditorView,
    private readonly checking: Checking,
  ) {
    this.later(0);
  }

  update(update: ViewUpdate): void {
    if (update.docChanged) this.later(REST_MS);
    const told = update.transactions.some(({ effects }) => effects.some((effect) => effect.is(setFindings)));
    if (told) queueMicrotask(() => this.draw());
  }

  destroy(): void {
    this.gone = true;
    clearTimeout(this.timer);
  }

  private later(ms: number): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.check(), ms);
  }

  private async check(): Promise<void> {
    const { state } = this.view;
    const problems = await this.checking.check(state);
    // A text that changed meanwhile has a check of its own on the way.
    if (this.gone || problems === null || this.view.state.doc !== state.doc) return;
    this.view.dispatch({ effects: setProblems.of(this.withKept(problems)) });
    this.draw();
  }

  /**
   * A text with a syntax error is told of nothing else. What was known before stays meanwhile, except on the lines in
   * question, or every squiggle would go out and come back at every half-typed line.
   */
  private withKept(problems: readonly RuffProblem[]): readonly RuffProblem[] {
    if (!problems.some(isSyntax)) return problems;
    const { state } = this.view;
    const line = (pos: number) => state.doc.lineAt(pos).number;
    const open = new Set([state.selection.main.head, ...problems.map(({ from }) => from)].map(line));
    const kept = state.field(problemsField).filter((problem) => !isSyntax(problem) && !open.has(line(problem.from)));
    return [...problems, ...kept];
  }

  private draw(): void {
    if (this.gone) return;
    const { state } = this.view;
    this.view.dispatch(setDiagnostics(state, diagnostics(state, this.checking.fixes)));
  }
}

export function problems(checking: Checking): Extension {
  return [problemsField, ViewPlugin.define((view) => new Checker(view, checking)), linter(null), keymap.of(lintKeymap)];
}
