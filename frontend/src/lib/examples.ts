/**
 * The example requests of an app, kept on this device under its id: those of the template that it was made from. An app
 * made elsewhere is recognised while its files are still the template's.
 */
import type { ExampleRequest, Template } from "./api/types";
import { readLocal, writeLocal } from "./local";

const key = (app: string) => `fp:examples:${app}`;

export function rememberExamples(app: string, examples: readonly ExampleRequest[]): void {
  writeLocal(key(app), examples);
}

export function recallExamples(app: string): ExampleRequest[] | null {
  return readLocal<ExampleRequest[]>(key(app));
}

/** Examples of the template whose entrypoint has the same text, none when no template matches. */
export function examplesOf(
  templates: readonly Template[],
  files: Readonly<Record<string, string>>,
  entrypoint: string,
): ExampleRequest[] {
  const text = files[entrypoint];
  const match = templates.find((template) => text !== undefined && template.files[template.entrypoint] === text);
  return match?.examples ?? [];
}
