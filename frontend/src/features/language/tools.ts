/**
 * What makes the editor know its files' languages, for one open draft: problems and fixes, completion, definitions, hover,
 * formatting. It is fetched once the editor can be typed in, and everything heavy in it starts later still.
 */
import { closeCompletion, completeAnyWord, selectedCompletion } from "@codemirror/autocomplete";
import { jsonParseLinter } from "@codemirror/lang-json";
import { EditorState, type Extension, Prec } from "@codemirror/state";
import { EditorView, keymap } from "@codemirror/view";
import { ending } from "@/lib/code/languages";
import type { CodeTools } from "@/lib/code/tools";
import { completePython } from "./complete/python";
import { definitions, type Target, targetAt } from "./editor/definitions";
import { fixesOf, fixMenu, showFixes } from "./editor/fixes";
import { hovering } from "./editor/hover";
import { problems } from "./editor/problems";
import { rewrite } from "./editor/rewrite";
import { languageTheme } from "./editor/theme";
import type { Place } from "./model/definition";
import { type Files, Project } from "./model/project";
import { Resolver } from "./model/resolve";
import { usePreferences } from "./preferences";
import { RuffWorker } from "./ruff/client";
import type { RuffProblem } from "./ruff/protocol";

/** The draft as the tools see it. */
export interface Draft {
  files: () => Files;
  /** Opens a file in the editor. */
  open: (path: string) => void;
  /** Names in the app's environment. */
  variables: () => readonly string[];
  /** Modules that the platform has installed, as far as it says so. */
  modules: () => readonly string[];
  /** Says that something could not be done, and why. */
  tell: (message: string) => void;
}

const MOST_BACK = 50;

export class LanguageTools implements CodeTools {
  private readonly resolver: Resolver;
  private readonly ruff = new RuffWorker();
  private readonly made = new Map<string, Extension>();
  private readonly backs: Place[] = [];
  private pending: Place | undefined;
  private view: EditorView | undefined;
  path = "";

  constructor(private readonly draft: Draft) {
    this.resolver = new Resolver(new Project(draft.files));
  }

  extension(path: string): Extension {
    const known = this.made.get(path);
    if (known) return known;
    const made = [languageTheme, this.going(path), this.ofKind(path)];
    this.made.set(path, made);
    return made;
  }

  shown(view: EditorView, path: string): void {
    this.view = view;
    this.path = path;
    if (this.pending?.path === path) this.select(this.pending);
  }

  /** Names of the file on screen, for an outline: functions, classes with their methods, variables. */
  outline(): { name: string; kind: string; place: Place }[] {
    const file = this.resolver.project.file(this.path);
    return (file?.symbols ?? [])
      .filter((symbol) => symbol.kind !== "import")
      .flatMap((symbol) => [
        { ...symbol, name: symbol.name },
        ...(symbol.kind === "class" ? (symbol.scope?.symbols ?? []) : [])
          .filter((inner) => inner.kind === "function")
          .map((inner) => ({ ...inner, name: `${symbol.name}.${inner.name}` })),
      ])
      .map(({ name, kind, from, to }) => ({ name, kind, place: { path: this.path, from, to } }));
  }

  go(place: Place): void {
    if (this.view) {
      const { from, to } = this.view.state.selection.main;
      this.backs.push({ path: this.path, from, to });
      if (this.backs.length > MOST_BACK) this.backs.shift();
    }
    this.visit(place);
  }

  back = (): boolean => {
    const place = this.backs.pop();
    if (place) this.visit(place);
    return place !== undefined;
  };

  goToDefinition = (): boolean => {
    const { view } = this;
    const target = view && targetAt(this.resolver, this.path, view.state, view.state.selection.main.head);
    if (target) this.go(target.place);
    else this.draft.tell("This name is not defined in this draft.");
    return target !== undefined && target !== null;
  };

  /** True when ruff had something to say about the text; false when it could not. */
  format = (): Promise<boolean> => this.rewritten("format");
  fixAll = (): Promise<boolean> => this.rewritten("fix");

  quickFix = (): boolean => {
    const { view } = this;
    if (!view) return false;
    const all = { title: "Fix all that is safe to fix", apply: () => void this.fixAll() };
    return showFixes(view, all, (state, problem) => fixesOf(this.resolver.project, this.path, state, problem));
  };

  /** Before Cmd/Ctrl-S: formats, where that is wanted. A file that cannot be formatted is saved as it is. */
  async beforeSave(): Promise<void> {
    if (!usePreferences.getState().formatOnSave || !this.path.endsWith(".py")) return;
    await this.rewritten("format", true);
  }

  private async rewritten(kind: "format" | "fix", quiet = false): Promise<boolean> {
    const { view, path } = this;
    if (!view || !path.endsWith(".py")) {
      this.draft.tell("Only Python files are formatted.");
      return false;
    }
    const { doc } = view.state;
    try {
      const text = await this.ruff.rewrite({ kind, path, text: doc.toString(), firstParty: this.firstParty() });
      if (text === null) throw new Error("The formatter could not be loaded. Reload the page to try again.");
      // Whoever typed on meanwhile keeps that.
      if (view.state.doc === doc) rewrite(view, text, `input.${kind}`);
      return true;
    } catch (error) {
      if (!quiet) this.draft.tell(reasonOf(error));
      return false;
    }
  }

  private firstParty(): string[] {
    return [...this.resolver.project.modules().keys()].filter((name) => !name.includes("."));
  }

  private visit(place: Place): void {
    if (place.path === this.path) {
      this.select(place);
      return;
    }
    this.pending = place;
    this.draft.open(place.path);
  }

  private select({ from, to }: Place): void {
    const { view } = this;
    this.pending = undefined;
    if (!view) return;
    const end = view.state.doc.length;
    const [anchor, head] = [Math.min(from, end), Math.min(to, end)];
    view.dispatch({ selection: { anchor, head }, effects: EditorView.scrollIntoView(anchor, { y: "center" }) });
    view.focus();
  }

  private going(path: string): Extension {
    return definitions(this.resolver, path, (target: Target) => this.go(target.place), this.back);
  }

  private ofKind(path: string): Extension {
    const kind = ending(path);
    if (kind === "py") return this.python(path);
    if (kind === "json") return [problems({ check: jsonProblems, fixes: () => [] }), anyWord];
    return ["css", "js", "mjs", "html", "htm", "svg"].includes(kind) ? [] : anyWord;
  }

  private python(path: string): Extension {
    const { resolver, draft } = this;
    const { project } = resolver;
    const complete = completePython(path, { resolver, variables: draft.variables, modules: draft.modules });
    return [
      problems({
        check: (state) => this.ruff.check({ path, text: state.doc.toString(), firstParty: this.firstParty() }),
        fixes: (state, problem) => fixesOf(project, path, state, problem),
      }),
      EditorState.languageData.of(() => [{ autocomplete: complete }]),
      hovering(resolver, path),
      fixMenu(this.quickFix),
      Prec.highest(keymap.of([{ key: "Enter", run: endWord }])),
      keymap.of([{ key: "Shift-Alt-f", run: () => Boolean(this.format()) }]),
    ];
  }
}

const anyWord = EditorState.languageData.of(() => [{ autocomplete: completeAnyWord }]);

async function jsonProblems(state: EditorState): Promise<RuffProblem[]> {
  // The linter wants a view for its text alone.
  const found = state.doc.length === 0 ? [] : jsonParseLinter()({ state } as EditorView);
  return found.map(({ from, to, message }) => ({
    from,
    to,
    code: "invalid-syntax",
    message,
    unnecessary: false,
    fix: null,
  }));
}

/** Enter behind a word that is already whole breaks the line: choosing it from the list would change nothing. */
function endWord(view: EditorView): boolean {
  const chosen = selectedCompletion(view.state);
  const { head } = view.state.selection.main;
  const word = /\w+$/.exec(view.state.doc.lineAt(head).text.slice(0, head - view.state.doc.lineAt(head).from))?.[0];
  if (chosen && !chosen.apply && chosen.label === word) closeCompletion(view);
  return false;
}

function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const where = / at byte range \d+\.\.\d+$/;
  return where.test(message) ? `This file has a syntax error: ${message.replace(where, "")}.` : message;
}
