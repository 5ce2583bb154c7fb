/** What comes after a dot: names of a module, members of a class or of an instance of one. */
import type { Completion } from "@codemirror/autocomplete";
import { LIBRARY } from "../library/library";
import type { Meaning, Resolver } from "../model/resolve";
import { ofKnown, ofSymbol, RANK } from "./options";

const DEPTH = 8;

/** Members stay in the order in which they are told: what is used most comes first. */
const ORDER = 0.1;

export function membersOf(resolver: Resolver, meaning: Meaning): Completion[] {
  if (meaning.what === "module") return namesIn(resolver, meaning.module);
  if (meaning.what === "known")
    return meaning.known.members.map((known, at) => ofKnown(known, meaning.known.name, RANK.member - at * ORDER));
  const found: Completion[] = [];
  let here: Meaning | null = meaning;
  for (let depth = 0; here && depth < DEPTH; depth++) {
    if (here.what !== "symbol") {
      found.push(...membersOf(resolver, here));
      break;
    }
    const { path, symbol } = here;
    if (symbol.scope?.kind === "class")
      found.push(...symbol.scope.symbols.map((each) => ofSymbol(each, path, RANK.member - depth + special(each.name))));
    here = resolver.baseOf(here);
  }
  return unique(found);
}

/** Names of a module, local or known, its own modules among them. */
export function namesIn(resolver: Resolver, module: string): Completion[] {
  const modules = resolver.project.modules();
  const path = modules.get(module);
  const own = (path ? resolver.project.file(path)?.symbols : undefined) ?? [];
  const inner = [...modules.keys(), ...Object.keys(LIBRARY)]
    .filter((name) => name.startsWith(`${module}.`))
    .map((name) => name.slice(module.length + 1).split(".")[0] as string);
  return unique([
    ...own.map((each) =>
      ofSymbol(each, path ?? "", (each.kind === "import" ? RANK.builtin : RANK.own) + special(each.name)),
    ),
    ...(path === undefined ? (LIBRARY[module] ?? []) : []).map((known) => ofKnown(known, module, RANK.known)),
    ...inner.map((label) => ({ label, type: "namespace", boost: RANK.builtin })),
  ]);
}

/** `_private` and `__special__` come last. */
function special(name: string): number {
  return name.startsWith("_") ? -12 : 0;
}

export function unique(options: readonly Completion[]): Completion[] {
  const seen = new Set<string>();
  return options.filter(({ label }) => !seen.has(label) && seen.add(label));
}
