/** Which templates are shown at first, which behind "All templates", and which are people's own. Pure. */
import type { Template } from "@/lib/api/types";

/** Six that show the whole width in one look: an API, data, pages, a full stack, events, charts. */
const FIRST = ["hello", "todo", "notes", "counter", "webhook", "dashboard"];

export interface Shelves {
  first: Template[];
  more: Template[];
  own: Template[];
}

export function shelves(templates: readonly Template[], me: string): Shelves {
  const shown = templates.filter((template) => !template.hidden);
  const own = shown.filter((template) => template.kind === "user" && template.owner === me);
  const others = shown.filter((template) => !own.includes(template));
  const first = FIRST.flatMap((id) => others.filter((template) => template.id === id));
  // Where an administrator hid some of them, the next ones move up.
  const rest = others.filter((template) => !first.includes(template));
  const filled = [...first, ...rest.slice(0, FIRST.length - first.length)];
  return { first: filled, more: others.filter((template) => !filled.includes(template)), own };
}

/** How much there is to read; undefined where the list does not tell. */
export function sizeOf(template: Pick<Template, "files">): { files: number; lines: number } | undefined {
  const files = Object.values(template.files);
  if (files.length === 0) return undefined;
  const lines = files.reduce((sum, text) => sum + text.split("\n").filter((line) => line.trim()).length, 0);
  return { files: files.length, lines };
}
