/** Languages by a file's ending. Python and JSON come with the editor; the others are fetched when such a file is opened. */
import { json } from "@codemirror/lang-json";
import { pythonLanguage } from "@codemirror/lang-python";
import { LanguageSupport } from "@codemirror/language";
import type { Extension } from "@codemirror/state";
import { styleTags, tags } from "@lezer/highlight";

const markup = async (): Promise<Extension> => {
  const [{ html }, { jinja }] = await Promise.all([import("@codemirror/lang-html"), import("./jinja")]);
  // A template's blocks open and close elements as they like, so what does not match is no error.
  return [html({ matchClosingTags: false }), jinja];
};
const javascript = async () => (await import("@codemirror/lang-javascript")).javascript();
const yaml = async () => (await import("@codemirror/lang-yaml")).yaml();

const LOADERS: Record<string, () => Promise<Extension>> = {
  ...{ html: markup, htm: markup, svg: markup, j2: markup, jinja: markup, jinja2: markup },
  css: async () => (await import("@codemirror/lang-css")).css(),
  ...{ js: javascript, mjs: javascript },
  ...{ yaml, yml: yaml },
  md: async () => (await import("@codemirror/lang-markdown")).markdown(),
};

/** Decorators are what a web app reads like: its routes. They get the colour of the accent as a whole. */
const python = new LanguageSupport(
  pythonLanguage.configure({
    props: [styleTags({ "Decorator/VariableName Decorator/PropertyName": tags.annotation })],
  }),
);

export function ending(path: string): string {
  return path.slice(path.lastIndexOf(".") + 1).toLowerCase();
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
