/**
 * Going to where a name is defined: F12, or Cmd/Ctrl and a click on a name that is underlined while the key is held. Alt-Left
 * goes back. A string that names a file of the draft leads to that file.
 */
import { syntaxTree } from "@codemirror/language";
import { type EditorState, type Extension, StateEffect, StateField } from "@codemirror/state";
import { Decoration, type DecorationSet, EditorView, keymap } from "@codemirror/view";
import { isMac } from "@/lib/use-hotkey";
import { definitionOf, fileNamed, type Place, type Reference, referenceAt } from "../model/definition";
import type { Resolver } from "../model/resolve";

export interface Target {
  /** What is pointed at. */
  from: number;
  to: number;
  place: Place;
}

export function targetAt(resolver: Resolver, path: string, state: EditorState, pos: number): Target | null {
  return namedFile(resolver, state, pos) ?? (path.endsWith(".py") ? definition(resolver, path, state, pos) : null);
}

function definition(resolver: Resolver, path: string, state: EditorState, pos: number): Target | null {
  const node = syntaxTree(state).resolveInner(pos, -1);
  if (node.name === "String" || node.name === "Comment") return null;
  const line = state.doc.lineAt(pos);
  const reference = referenceAt(line.text, pos - line.from);
  if (!reference) return null;
  const [from, to] = [line.from + reference.from, line.from + reference.to];
  const place = imported(resolver, path, line.text, reference) ?? definitionOf(resolver, path, reference.dotted, to);
  return place && { from, to, place };
}

/** In `from notes.text import slugify as short` the module and the name there are not bound where they stand. */
function imported(resolver: Resolver, path: string, line: string, { to, dotted }: Reference): Place | null {
  const match = /^\s*(?:from\s+(\.*[\w.]*)\s+import\b|import\b)/.exec(line);
  if (!match) return null;
  const module = match[1];
  const isModule = module === undefined || to <= line.indexOf(module) + module.length;
  const dots = /^\.*/.exec(module ?? "")?.[0] ?? "";
  return isModule ? fileOf(resolver, path, dots + dotted) : nameIn(resolver, path, module, dotted);
}

function fileOf(resolver: Resolver, path: string, module: string): Place | null {
  const file = resolver.project.modules().get(resolver.project.absolute(module, path));
  return file ? { path: file, from: 0, to: 0 } : null;
}

function nameIn(resolver: Resolver, path: string, module: string, name: string): Place | null {
  const file = fileOf(resolver, path, module)?.path;
  const symbol = file ? resolver.project.file(file)?.symbols.find((each) => each.name === name) : undefined;
  if (!file || !symbol) return fileOf(resolver, path, `${module}${module.endsWith(".") ? "" : "."}${name}`);
  return definitionOf(resolver, file, name, symbol.to);
}

function namedFile(resolver: Resolver, state: EditorState, pos: number): Target | null {
  const line = state.doc.lineAt(pos);
  for (const match of line.text.matchAll(/(["'])([\w./-]+\.\w+)\1/g)) {
    const from = line.from + match.index + 1;
    const to = from + (match[2] as string).length;
    if (pos < from || pos > to) continue;
    const path = fileNamed(Object.keys(resolver.project.files()), match[2] as string);
    return path ? { from, to, place: { path, from: 0, to: 0 } } : null;
  }
  return null;
}

const underline = StateEffect.define<{ from: number; to: number } | null>();
const link = Decoration.mark({ class: "cm-link" });

const underlined = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(value, transaction) {
    for (const effect of transaction.effects)
      if (effect.is(underline))
        return effect.value ? Decoration.set(link.range(effect.value.from, effect.value.to)) : Decoration.none;
    return transaction.docChanged ? Decoration.none : value;
  },
  provide: (field) => EditorView.decorations.from(field),
});

const held = (event: MouseEvent | KeyboardEvent) => (isMac ? event.metaKey : event.ctrlKey);

export function definitions(
  resolver: Resolver,
  path: string,
  go: (target: Target) => void,
  back: () => boolean,
): Extension {
  const point = (view: EditorView, target: Target | null) => {
    const shown = view.state.field(underlined).size > 0;
    if (target || shown) view.dispatch({ effects: underline.of(target) });
  };
  const at = (view: EditorView, event: MouseEvent) => {
    const pos = view.posAtCoords({ x: event.clientX, y: event.clientY });
    return pos === null ? null : targetAt(resolver, path, view.state, pos);
  };
  const jump = (view: EditorView) => {
    const target = targetAt(resolver, path, view.state, view.state.selection.main.head);
    if (target) go(target);
    return target !== null;
  };
  return [
    underlined,
    EditorView.domEventHandlers({
      mousemove: (event, view) => point(view, held(event) && event.buttons === 0 ? at(view, event) : null),
      mouseleave: (_, view) => point(view, null),
      keyup: (event, view) => (event.key === "Control" || event.key === "Meta" ? point(view, null) : undefined),
      mousedown: (event, view) => {
        if (event.button !== 0 || !held(event) || event.altKey || event.shiftKey) return false;
        const target = at(view, event);
        if (!target) return false;
        event.preventDefault();
        point(view, null);
        go(target);
        return true;
      },
    }),
    keymap.of([
      { key: "F12", run: jump },
      { key: "Alt-ArrowLeft", mac: "Ctrl--", run: back },
    ]),
  ];
}
