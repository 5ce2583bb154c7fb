/** Which files of an app are open in the editor, kept on this device, so that tomorrow begins where today ended. */
import { readLocal, writeLocal } from "@/lib/local";

export interface Tabs {
  open: readonly string[];
  active: string;
}

const key = (app: string) => `fp:tabs:${app}`;

export const tabs = {
  read: (app: string) => readLocal<Tabs>(key(app)),
  write: (app: string, value: Tabs) => writeLocal(key(app), value),
};

/** What was kept, as far as those files are still there; else the file that the app starts in. */
export function opened(kept: Tabs | null, paths: readonly string[], entrypoint: string): Tabs {
  const first = paths.includes(entrypoint) ? entrypoint : (paths[0] ?? "");
  const listed = Array.isArray(kept?.open) ? kept.open : [];
  const open = [...new Set(listed.filter((path) => paths.includes(path)))];
  if (open.length === 0) return { open: first ? [first] : [], active: first };
  const active = kept && open.includes(kept.active) ? kept.active : (open[0] as string);
  return { open, active };
}
