/** What a name is, on hover: its signature and its docstring, or our own words on a package's. */
import type { Extension } from "@codemirror/state";
import { hoverTooltip } from "@codemirror/view";
import { referenceAt } from "../model/definition";
import type { Meaning, Resolver } from "../model/resolve";

export interface About {
  title: string;
  doc: string;
  /** Where it is from: a file of the draft or a module. */
  home: string;
}

export function about(resolver: Resolver, path: string, dotted: string, pos: number): About | null {
  const own = dotted.includes(".") ? undefined : resolver.binding(path, dotted, pos);
  if (own && own.kind !== "import" && own.kind !== "function" && own.kind !== "class") {
    const type = own.signature || nameOf(resolver.of(own, path));
    return { title: type ? `${own.name}: ${type}` : own.name, doc: "", home: path };
  }
  const meaning = resolver.evaluate(path, dotted, pos);
  return meaning && aboutMeaning(meaning, dotted.split(".").at(-1) as string);
}

function aboutMeaning(meaning: Meaning, name: string): About {
  if (meaning.what === "module") return { title: `module ${meaning.module}`, doc: "", home: meaning.path };
  const { name: real, signature, doc, kind } = meaning.what === "symbol" ? meaning.symbol : meaning.known;
  const home = meaning.what === "symbol" ? meaning.path : meaning.module;
  if (meaning.instance) return { title: real === name ? real : `${name}: ${real}`, doc, home };
  const word = { function: "def ", class: "class " }[kind as string] ?? "";
  return { title: `${word}${real}${kind === "variable" ? "" : shortened(signature)}`, doc, home };
}

function nameOf(meaning: Meaning | null): string {
  if (!meaning || meaning.what === "module") return "";
  return meaning.what === "symbol" ? meaning.symbol.name : meaning.known.name;
}

/** A signature of forty parameters says less than its first ones. */
function shortened(signature: string): string {
  return signature.length > 260 ? `${signature.slice(0, signature.lastIndexOf(",", 250))}, …)` : signature;
}

export function card({ title, doc, home }: About): HTMLElement {
  const dom = document.createElement("div");
  dom.className = "cm-about";
  const head = document.createElement("code");
  head.textContent = title;
  dom.append(head);
  for (const [text, className] of [
    [doc, "cm-about-doc"],
    [home === "builtins" ? "" : home, "cm-about-home"],
  ] as const) {
    if (!text) continue;
    const line = document.createElement("p");
    line.className = className;
    line.textContent = text;
    dom.append(line);
  }
  return dom;
}

export function hovering(resolver: Resolver, path: string): Extension {
  return hoverTooltip(
    (view, pos) => {
      const line = view.state.doc.lineAt(pos);
      const reference = referenceAt(line.text, pos - line.from);
      const found = reference && about(resolver, path, reference.dotted, pos);
      if (!found) return null;
      const [from, to] = [line.from + reference.from, line.from + reference.to];
      return { pos: from, end: to, create: () => ({ dom: card(found) }) };
    },
    { hideOnChange: true },
  );
}
