/** Languages by a file's ending. Python and JSON come with the editor; the others are fetched when such a file is opened. */
import { json } from "@codemirror/lang-json";
import { pythonLanguage } from "@codemirror/lang-python";
import { LanguageSupport } from "@codemirror/language";
import type { Extension } from "@codemirror/state";
import { styleTags, tags } from "@lezer/highlight";

const LOADERS: Record<string, () => Promise<Extension>> = {
  html: async () => (await import("@codemirror/lang-html")).html(),
  svg: async () => (await import("@codemirror/lang-html")).html(),
  css: async () => (await import("@codemirror/lang-css")).css(),
  js: async () => (await import("@codemirror/lang-javascript")).javascript(),
  md: async () => (await import("@codemirror/lang-markdown")).markdown(),
};

/** Decorators are what a web app reads like: its routes. They get the colour of the accent as a whole. */
const python = new LanguageSupport(
  pythonLanguage.configure({
    props: [styleTags({ "Decorator/VariableName Decorator/PropertyName": tags.annotation })],
  }),
);

function ending(path: string): string {
  return path.slice(path.lastIndexOf(".") + 1);
}

/** The language when it is already here, else nothing. */
export function languageNow(path: string): Extension {
  const kind = ending(path);
  return kind === "py" ? python : kind === "json" ? json() : [];
}

/** The language that still has to be fetched, or null. */
export function languageLater(path: string): Promise<Extension> | null {
  return LOADERS[ending(path)]?.() ?? null;
}
