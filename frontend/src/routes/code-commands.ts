/** What the palette offers of the code: its actions, and the names of the open file as an outline, to be found by `@name`. */
import { Braces, type LucideIcon, SquareFunction, Variable } from "lucide-react";
import { useEffect, useState } from "react";
import { useEditorStore } from "@/features/drafts/store";
import { KEYS, SHORTCUTS } from "@/features/language/components/keys";
import type { LanguageTools } from "@/features/language/tools";
import { type Command, useCommands } from "@/lib/commands";

const REST_MS = 800;
const ICONS: Readonly<Record<string, LucideIcon>> = { function: SquareFunction, class: Braces, variable: Variable };

export function useCodeCommands(tools: LanguageTools | null): void {
  const [outline, setOutline] = useState<ReturnType<LanguageTools["outline"]>>([]);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout>;
    const later = () => {
      clearTimeout(timer);
      timer = setTimeout(() => setOutline(tools?.outline() ?? []), REST_MS);
    };
    later();
    const stop = useEditorStore.subscribe((state, before) => {
      if (state.active !== before.active || state.files !== before.files) later();
    });
    return () => {
      stop();
      clearTimeout(timer);
    };
  }, [tools]);
  useCommands("code", () => (tools ? [...actions(tools), ...keys()] : []), [tools]);
  useCommands("outline", () => outline.map((entry, at) => symbol(tools, entry, at)), [outline]);
}

function actions(tools: LanguageTools): Command[] {
  const group = "Code";
  return [
    { id: "format", title: "Format file", group, keys: KEYS.format, run: () => void tools.format() },
    { id: "fix", title: "Quick fixes here", group, keys: KEYS.fix, run: tools.quickFix },
    { id: "fix-all", title: "Fix all problems", group, run: () => void tools.fixAll() },
    { id: "define", title: "Go to definition", group, keys: KEYS.define, run: tools.goToDefinition },
    { id: "back", title: "Go back to where you were", group, keys: KEYS.back, run: () => void tools.back() },
  ];
}

/** The editor's other keys, for the list of shortcuts. */
function keys(): Command[] {
  const told: readonly string[] = [KEYS.format, KEYS.fix, KEYS.back];
  return SHORTCUTS.filter(([key]) => !told.includes(key)).map(([key, title]) => ({
    ...{ id: title, title, group: "Code", keys: key, only: "keys" as const },
  }));
}

function symbol(tools: LanguageTools | null, entry: ReturnType<LanguageTools["outline"]>[number], at: number): Command {
  return {
    ...{ id: `${at}`, title: `@${entry.name}`, note: entry.kind, group: "Names in this file", icon: ICONS[entry.kind] },
    run: () => tools?.go(entry.place),
  };
}
