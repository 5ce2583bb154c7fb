/** Fetches what knows the files' languages once the draft is open and the browser has time, and tells it of the app. */
import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { useEditorStore } from "@/features/drafts/store";
import { modulesQuery } from "@/features/language/api/packages";
import type { LanguageTools } from "@/features/language/tools";
import { settingsQuery } from "@/features/settings/api/settings";
import { toast } from "@/lib/toasts";
import { useCodeCommands } from "./code-commands";

const DATABASE = "PLATFORM_MONGO_URI";
const LATEST_MS = 1_500;
const NONE: readonly string[] = [];

export function useLanguage(app: string, ready: boolean, open: (path: string) => void): LanguageTools | null {
  const [tools, setTools] = useState<LanguageTools | null>(null);
  const settings = useQuery({ ...settingsQuery(app), enabled: ready }).data;
  const modules = useQuery({ ...modulesQuery, enabled: tools !== null }).data ?? NONE;
  const latest = useRef({ open, modules, variables: [DATABASE] });
  latest.current = {
    ...{ open, modules },
    variables: [DATABASE, ...Object.keys(settings?.env ?? {}), ...(settings?.secrets ?? [])],
  };
  useEffect(() => {
    if (!ready) return;
    let wanted = true;
    const load = async () => {
      const { LanguageTools } = await import("@/features/language/tools");
      if (!wanted) return;
      setTools(
        new LanguageTools({
          files: () => useEditorStore.getState().files,
          open: (path) => latest.current.open(path),
          variables: () => latest.current.variables,
          modules: () => latest.current.modules,
          tell: toast,
        }),
      );
    };
    // Where it cannot be fetched the editor is one without: everything else works on.
    const cancel = whenIdle(() => void load().catch(() => undefined));
    return () => {
      wanted = false;
      cancel();
    };
  }, [ready]);
  useCodeCommands(tools);
  return tools;
}

function whenIdle(action: () => void): () => void {
  if (typeof requestIdleCallback !== "function") {
    const timer = setTimeout(action, 200);
    return () => clearTimeout(timer);
  }
  const id = requestIdleCallback(action, { timeout: LATEST_MS });
  return () => cancelIdleCallback(id);
}
