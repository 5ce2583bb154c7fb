/** A template while it is changed: its words, and its files with the one that the app starts in, which follows a new name. Pure. */
import type { components } from "@/lib/api/schema.gen";
import type { Template } from "@/lib/api/types";

type TemplatePatch = components["schemas"]["TemplatePatch"];

export interface Code {
  files: Readonly<Record<string, string>>;
  entrypoint: string;
}

export interface Words extends Code {
  name: string;
  description: string;
  shared: boolean;
}

export function wordsOf({ name, description, shared, files, entrypoint }: Template): Words {
  return { name, description, shared, files, entrypoint };
}

/** What is sent: only what differs. */
export function patchOf(template: Template, words: Words): TemplatePatch {
  const patch: TemplatePatch = {};
  if (words.name !== template.name) patch.name = words.name;
  if (words.description !== template.description) patch.description = words.description;
  if (words.shared !== template.shared) patch.shared = words.shared;
  if (words.entrypoint !== template.entrypoint) patch.entrypoint = words.entrypoint;
  if (!isSame(words.files, template.files)) patch.files = { ...words.files };
  return patch;
}

/** Whatever order they are in. */
function isSame(files: Code["files"], others: Code["files"]): boolean {
  const paths = Object.keys(files);
  return paths.length === Object.keys(others).length && paths.every((path) => files[path] === others[path]);
}

export function withFile({ files, entrypoint }: Code, path: string, text: string): Code {
  return { files: { ...files, [path]: text }, entrypoint };
}

/** The file keeps its place among the others. */
export function renamed({ files, entrypoint }: Code, from: string, to: string): Code {
  const moved = Object.entries(files).map(([path, text]) => [path === from ? to : path, text]);
  return { files: Object.fromEntries(moved), entrypoint: entrypoint === from ? to : entrypoint };
}

export function withoutFile({ files, entrypoint }: Code, path: string): Code {
  const { [path]: _, ...rest } = files;
  return { files: rest, entrypoint };
}
