/**
 * What can be done from the keyboard, told by whoever is on screen: the palette (Cmd/Ctrl-K) offers it, and `?` lists its
 * keys. A screen registers its commands for as long as it is mounted:
 *
 *     useCommands("editor", () => [
 *       { id: "deploy", title: "Deploy", group: "Actions", keys: hotkeyLabel("Enter"), run: deploy.press },
 *       { id: "app.py", title: "app.py", group: "Files", icon: FileCode, run: () => open("app.py") },
 *       { id: "next", title: "Next app", group: "Apps list", keys: "J", only: "keys" },
 *     ], [deploy.press, open]);
 *
 * The first argument names the source, one a mounted place; the list is made anew when the dependencies change. Ids are
 * unique within their source. `group: "Files"` is what Cmd/Ctrl-P offers alone. `keys` is for reading: whoever registers it
 * also listens (`useHotkey` for Cmd/Ctrl, `useKey` for a bare key). `only: "keys"` is listed under `?` and not offered.
 * What is found by asking the server (apps) is a source of its own, see src/routes/palette.tsx.
 */
import type { LucideIcon } from "lucide-react";
import { type DependencyList, useEffect } from "react";
import { create } from "zustand";

export interface Command {
  id: string;
  title: string;
  group: string;
  /** Shown muted after the title: an address, a state. */
  note?: string;
  /** More words to be found by. */
  words?: string;
  keys?: string;
  icon?: LucideIcon;
  only?: "keys";
  run?: () => void;
}

export type PaletteMode = "everything" | "files";

interface CommandStore {
  sources: Readonly<Record<string, readonly Command[]>>;
  /** What is open over the page: the palette, or the list of shortcuts. */
  open: PaletteMode | "shortcuts" | null;
  register: (source: string, commands: readonly Command[]) => void;
  forget: (source: string) => void;
  show: (what: PaletteMode | "shortcuts") => void;
  hide: () => void;
}

export const useCommandStore = create<CommandStore>()((set) => ({
  sources: {},
  open: null,
  register: (source, commands) => set((state) => ({ sources: { ...state.sources, [source]: commands } })),
  forget: (source) =>
    set(({ sources: { [source]: _, ...others } }) => ({
      sources: others,
    })),
  show: (open) => set({ open }),
  hide: () => set({ open: null }),
}));

export function useCommands(source: string, make: () => readonly Command[], deps: DependencyList): void {
  // biome-ignore lint/correctness/useExhaustiveDependencies: the caller says what the commands are made of
  useEffect(() => {
    useCommandStore.getState().register(source, make());
    return () => useCommandStore.getState().forget(source);
  }, [source, ...deps]);
}

/** All that is registered, with ids that are unique across sources. */
export function allCommands(sources: CommandStore["sources"]): Command[] {
  return Object.entries(sources).flatMap(([source, commands]) =>
    commands.map((command) => ({ ...command, id: `${source}/${command.id}` })),
  );
}

/** Those that can be chosen, of one group where the mode is about one. */
export function offered(commands: readonly Command[], mode: PaletteMode): Command[] {
  return commands.filter(
    (command) => command.run && command.only !== "keys" && (mode === "everything" || command.group === "Files"),
  );
}

/** Those with keys, by their group, for the list of shortcuts. */
export function shortcuts(commands: readonly Command[]): [group: string, commands: Command[]][] {
  const groups = new Map<string, Command[]>();
  for (const command of commands) {
    if (!command.keys) continue;
    groups.set(command.group, [...(groups.get(command.group) ?? []), command]);
  }
  return [...groups];
}
