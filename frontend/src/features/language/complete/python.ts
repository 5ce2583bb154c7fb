/**
 * Completion for Python from the whole draft: what is in scope, what other files and packages could give (with the import
 * that it then needs), parameters of the call one is in, names of environment variables and of files in strings.
 */
import {
  type Completion,
  type CompletionContext,
  type CompletionResult,
  type CompletionSource,
  completeAnyWord,
  pickedCompletion,
} from "@codemirror/autocomplete";
import { syntaxTree } from "@codemirror/language";
import type { EditorView } from "@codemirror/view";
import { parametersOf } from "../library/known";
import { HOMES, KNOWN_MODULES, LIBRARY } from "../library/library";
import { BUILTINS, KEYWORDS } from "../library/python";
import { importOf } from "../model/imports";
import { moduleOf } from "../model/project";
import { type Resolver, scopesAt } from "../model/resolve";
import type { PySymbol } from "../model/symbols";
import { membersOf, namesIn, unique } from "./members";
import { ofKnown, ofSymbol, RANK } from "./options";
import { type Where, whereAt } from "./where";

export interface Surroundings {
  resolver: Resolver;
  /** Names in the app's environment, secrets too. */
  variables: () => readonly string[];
  /** Modules that the platform has installed, when it says so. */
  modules: () => readonly string[];
}

export function completePython(path: string, around: Surroundings): CompletionSource {
  return async (context) => {
    const text = context.state.doc.toString();
    const where = whereAt(text, context.pos);
    const inText = /String|Comment/.test(syntaxTree(context.state).resolveInner(context.pos, -1).name);
    if (where.kind === "none" || (inText && where.kind !== "variable" && where.kind !== "path")) return null;
    const typed = context.pos - where.from;
    if (where.kind === "name" && typed === 0 && !context.explicit) return null;
    const options = optionsFor(where, path, around, context);
    if (where.kind === "name") options.push(...(await words(context, options)));
    const validFor = where.kind === "module" ? /^[\w.]*$/ : where.kind === "path" ? /^[\w./-]*$/ : /^\w*$/;
    return options.length > 0 ? { from: where.from, options, validFor } : null;
  };
}

function optionsFor(
  where: Exclude<Where, { kind: "none" }>,
  path: string,
  around: Surroundings,
  context: CompletionContext,
): Completion[] {
  const { resolver } = around;
  switch (where.kind) {
    case "module":
      return modules(where.written, path, around);
    case "imported":
      return namesIn(resolver, resolver.project.absolute(where.module, path));
    case "member": {
      const owner = resolver.evaluate(path, where.owner, context.pos);
      return owner ? membersOf(resolver, owner) : [];
    }
    case "variable":
      return around.variables().map((label) => ({ label, type: "constant", detail: detailOf(label) }));
    case "path":
      return Object.keys(resolver.project.files())
        .filter((file) => !file.endsWith(".py"))
        .map((file) => ({ label: file.replace(/^templates\//, ""), type: "text" }));
    case "name":
      return unique([...argumentsOf(where.callee, path, around, context.pos), ...names(path, around, context.pos)]);
  }
}

function detailOf(variable: string): string {
  return variable === "PLATFORM_MONGO_URI" ? "the app's database" : "set for this app";
}

function modules(written: string, path: string, { resolver, modules: installed }: Surroundings): Completion[] {
  const own = [...resolver.project.modules().keys()];
  const dots = /^\.*/.exec(written)?.[0] ?? "";
  if (dots) {
    const parent = resolver.project.absolute(dots, path);
    const below = own.filter((name) => name.startsWith(parent ? `${parent}.` : ""));
    return below.map((name) => ({ label: dots + name.slice(parent ? parent.length + 1 : 0), type: "namespace" }));
  }
  return unique([
    ...own.filter((name) => name !== moduleOf(path)).map((label) => ({ label, type: "namespace", boost: RANK.own })),
    ...Object.keys(LIBRARY).map((label) => ({ label, type: "namespace", boost: RANK.known })),
    ...[...installed(), ...KNOWN_MODULES].map((label) => ({ label, type: "namespace", boost: RANK.builtin })),
  ]);
}

/** `status_code=` and the like, of what is being called. */
function argumentsOf(callee: string, path: string, { resolver }: Surroundings, pos: number): Completion[] {
  const called = callee ? resolver.evaluate(path, callee, pos) : null;
  if (!called || called.what === "module" || called.instance) return [];
  const names =
    called.what === "known"
      ? parametersOf(called.known.signature)
      : paramsOf(called.symbol.scope?.symbols ?? [], called.symbol);
  return names.map((name) => ({ label: `${name}=`, type: "property", boost: RANK.argument, detail: callee }));
}

/** Of a function its parameters, of a class those of `__init__`, or its annotated fields as pydantic and dataclasses have it. */
function paramsOf(inner: readonly PySymbol[], symbol: PySymbol): readonly string[] {
  if (symbol.kind === "function") return symbol.params;
  const init = inner.find((each) => each.name === "__init__");
  return init?.params ?? inner.filter((each) => each.kind === "variable" && each.signature).map((each) => each.name);
}

function names(path: string, { resolver }: Surroundings, pos: number): Completion[] {
  const file = resolver.project.file(path);
  if (!file) return [];
  const scopes = scopesAt(file, pos);
  const here = scopes.flatMap((scope) =>
    scope.symbols.map(
      (symbol) => imported(resolver, path, symbol) ?? ofSymbol(symbol, path, scope === file ? RANK.own : RANK.local),
    ),
  );
  const starred = file.stars.flatMap((star) => namesIn(resolver, resolver.project.absolute(star, path)));
  return [
    ...here,
    ...starred,
    ...BUILTINS.map((known) => ofKnown(known, "builtins", RANK.builtin)),
    ...KEYWORDS.map((label) => ({ label, type: "keyword", boost: RANK.keyword })),
    ...importable(path, resolver),
  ];
}

/** An imported name is told by what it is, not by how it came here. */
function imported(resolver: Resolver, path: string, symbol: PySymbol): Completion | null {
  if (symbol.kind !== "import") return null;
  const meaning = resolver.of(symbol, path);
  if (!meaning || meaning.what === "module" || meaning.instance) return null;
  const shown =
    meaning.what === "known"
      ? ofKnown(meaning.known, meaning.module, RANK.own)
      : ofSymbol(meaning.symbol, meaning.path, RANK.own);
  return { ...shown, label: symbol.name };
}

/** Functions and classes of other files, and well-known names of packages: choosing one adds its import. */
function importable(path: string, resolver: Resolver): Completion[] {
  const { project } = resolver;
  const own = [...project.modules()].flatMap(([module, file]) => {
    const symbols = file && file !== path ? (project.file(file)?.symbols ?? []) : [];
    return symbols
      .filter((symbol) => symbol.kind !== "import" && !symbol.name.startsWith("_"))
      .map((symbol) => withImport(ofSymbol(symbol, file, RANK.import + 2), module, path, resolver));
  });
  const known = [...HOMES.values()].map(({ module, known }) =>
    withImport(ofKnown(known, module, RANK.import), module, path, resolver),
  );
  return [...own, ...known];
}

function withImport(option: Completion, module: string, path: string, resolver: Resolver): Completion {
  const apply = (view: EditorView, completion: Completion, from: number, to: number) => {
    const file = resolver.project.file(path);
    const extra = file && importOf(view.state.doc.toString(), file, module, completion.label);
    const changes = view.state.changes([
      { from, to, insert: completion.label },
      ...(extra ? [{ from: extra.at, insert: extra.insert }] : []),
    ]);
    view.dispatch({
      ...{ changes, selection: { anchor: changes.mapPos(to, 1) }, userEvent: "input.complete" },
      annotations: pickedCompletion.of(completion),
    });
  };
  return { ...option, detail: `from ${module}`, apply };
}

/** Words of the text, where nothing better has them. */
async function words(context: CompletionContext, options: readonly Completion[]): Promise<Completion[]> {
  const known = new Set(options.map(({ label }) => label.replace(/=$/, "")));
  const found: CompletionResult | null = await completeAnyWord(context);
  return (found?.options ?? [])
    .filter(({ label }) => !known.has(label) && /^[A-Za-z_]\w{2,}$/.test(label))
    .map((option) => ({ ...option, boost: RANK.word }));
}
