/**
 * What is typed into the settings and its way to the server: only changes are sent, with the etag of what was seen. When
 * somebody else was faster, their values are taken over where one has typed nothing, and told; nothing typed is lost.
 */
import { useState } from "react";
import { ApiError, explain } from "@/lib/api/problem";
import { toast } from "@/lib/toasts";
import { loadSettings, type PlatformSettings, useSaveSettings } from "./api/settings";
import {
  changedFields,
  fieldOf,
  merged,
  patchOf,
  problemsOf,
  type Theirs,
  type Typed,
  typedOf,
} from "./model/settings";

export function useSettingsForm(first: PlatformSettings) {
  const [seen, setSeen] = useState(first);
  const [typed, setTyped] = useState(() => typedOf(first));
  const [theirs, setTheirs] = useState<Theirs[]>([]);
  const save = useSaveSettings();
  const problems = problemsOf(typed);
  const takeOver = async (error: unknown) => {
    if (!(error instanceof ApiError) || error.code !== "conflict") return;
    const fresh = await loadSettings();
    const both = merged(seen, fresh, typed);
    setTheirs(both.theirs);
    setTyped(both.typed);
    setSeen(fresh);
    save.reset();
  };
  const onSaved = (saved: PlatformSettings) => {
    setSeen(saved);
    setTyped(typedOf(saved));
    setTheirs([]);
    toast("Settings saved");
  };
  const refused = save.error ? explain(save.error) : undefined;
  return {
    typed,
    theirs,
    problems,
    /** What the server refused, and the field that it is about, if it is about one. */
    refused,
    refusedField: refused && fieldOf(refused),
    busy: save.isPending,
    changed: changedFields(seen, typed).length,
    ready: Object.keys(problems).length === 0,
    set: (change: Partial<Typed>) => setTyped((before) => ({ ...before, ...change })),
    undo: () => {
      setTyped(typedOf(seen));
      save.reset();
    },
    submit: () => save.mutate({ seen, patch: patchOf(seen, typed) }, { onSuccess: onSaved, onError: takeOver }),
  };
}
