/**
 * What can be done about a problem: ruff's own fix, or the import that an undefined name wants. Offered where the problem is
 * shown, and by Cmd/Ctrl-. as a small menu at the cursor.
 */
import { type EditorState, type Extension, StateEffect, StateField } from "@codemirror/state";
import { type EditorView, keymap, showTooltip, type Tooltip } from "@codemirror/view";
import { homesNamed } from "../library/library";
import { importOf } from "../model/imports";
import { moduleOf, type Project } from "../model/project";
import type { RuffProblem } from "../ruff/protocol";
import { type Fix, problemsOn } from "./problems";

export interface ImportChoice {
  module: string;
  name: string;
}

/** Where a name that is not defined could come from: the draft's own files first. */
export function homesOf(project: Project, path: string, name: string): ImportChoice[] {
  const own = [...project.modules().values()]
    .filter((other) => other && other !== path)
    .filter((other) => project.file(other)?.symbols.some((each) => each.name === name && each.kind !== "import"))
    .map((other) => ({ module: moduleOf(other), name }));
  return [...own, ...homesNamed(name).map((module) => ({ module, name }))];
}

export function fixesOf(project: Project, path: string, state: EditorState, problem: RuffProblem): Fix[] {
  const fixes: Fix[] = [];
  const { fix } = problem;
  if (fix)
    fixes.push({
      title: fix.title,
      apply: (view) => view.dispatch({ changes: [...fix.edits], userEvent: "input.fix" }),
    });
  if (problem.code !== "F821") return fixes;
  const name = /`(\w+)`/.exec(problem.message)?.[1] ?? state.sliceDoc(problem.from, problem.to);
  for (const home of homesOf(project, path, name).slice(0, 3))
    fixes.push({
      title: `Import ${name} from ${home.module}`,
      apply: (view) => addImport(view, project, path, home),
    });
  return fixes;
}

function addImport(view: EditorView, project: Project, path: string, { module, name }: ImportChoice): void {
  const file = project.file(path);
  const change = file && importOf(view.state.doc.toString(), file, module, name);
  if (change) view.dispatch({ changes: { from: change.at, insert: change.insert }, userEvent: "input.fix" });
}

const openMenu = StateEffect.define<{ pos: number; fixes: readonly Fix[] } | null>();

const menu = StateField.define<Tooltip | null>({
  create: () => null,
  update(value, transaction) {
    for (const effect of transaction.effects)
      if (effect.is(openMenu)) return effect.value && tooltip(effect.value.pos, effect.value.fixes);
    return transaction.docChanged || transaction.selection ? null : value;
  },
  provide: (field) => showTooltip.from(field),
});

function tooltip(pos: number, fixes: readonly Fix[]): Tooltip {
  return {
    pos,
    arrow: false,
    create: (view) => {
      const dom = document.createElement("div");
      dom.className = "cm-fixes";
      dom.setAttribute("role", "menu");
      dom.setAttribute("aria-label", "Quick fixes");
      const buttons = fixes.map((fix) => item(view, fix));
      dom.append(...(buttons.length > 0 ? buttons : [nothing()]));
      dom.addEventListener("keydown", (event) => onKey(event, view, buttons));
      return { dom, mount: () => buttons[0]?.focus() };
    },
  };
}

function item(view: EditorView, fix: Fix): HTMLButtonElement {
  const button = document.createElement("button");
  button.type = "button";
  button.setAttribute("role", "menuitem");
  button.textContent = fix.title;
  button.addEventListener("click", () => {
    close(view);
    fix.apply(view);
  });
  return button;
}

function nothing(): HTMLElement {
  const words = document.createElement("p");
  words.setAttribute("role", "menuitem");
  words.setAttribute("aria-disabled", "true");
  words.textContent = "Nothing to fix on this line";
  return words;
}

function onKey(event: KeyboardEvent, view: EditorView, buttons: readonly HTMLButtonElement[]): void {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const at = buttons.indexOf(document.activeElement as HTMLButtonElement);
  if (event.key === "Escape" || event.key === "Tab") close(view);
  else if (step) buttons[(at + step + buttons.length) % buttons.length]?.focus();
  else return;
  event.preventDefault();
  event.stopPropagation();
}

function close(view: EditorView): void {
  view.dispatch({ effects: openMenu.of(null) });
  view.focus();
}

export function showFixes(
  view: EditorView,
  all: Fix,
  fixes: (state: EditorState, problem: RuffProblem) => Fix[],
): boolean {
  const { state } = view;
  const { head } = state.selection.main;
  const line = state.doc.lineAt(head);
  const here = problemsOn(state, line.from, line.to).flatMap((problem) => fixes(state, problem));
  const offered = here.length > 0 ? [...here, all] : [];
  view.dispatch({ effects: openMenu.of({ pos: head, fixes: offered }) });
  return true;
}

export function fixMenu(show: (view: EditorView) => boolean): Extension {
  const leave = (view: EditorView) => {
    if (!view.state.field(menu)) return false;
    close(view);
    return true;
  };
  return [
    menu,
    keymap.of([
      { key: "Mod-.", run: show },
      { key: "Escape", run: leave },
    ]),
  ];
}
