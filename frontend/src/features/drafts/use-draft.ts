/** Opens an app's draft in the editor for as long as the screen is up, and saves it on every occasion worth it. */
import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useRef, useState } from "react";
import { useAppStore } from "@/lib/app-store";
import { getDraft, putDraft } from "./api/drafts";
import { stash } from "./model/stash";
import { tabs } from "./model/tabs";
import { DraftSaver } from "./saver";

export interface OpenDraft {
  state: "loading" | "open" | "failed";
  error: unknown;
  /** Saves at once; true when the server has everything. */
  flush: () => Promise<boolean>;
  retry: () => void;
  /** Asks again which files differ from the live version. */
  refresh: () => void;
}

export function useDraft(app: string | undefined): OpenDraft {
  const client = useQueryClient();
  const saver = useRef<DraftSaver>(undefined);
  const [state, setState] = useState<OpenDraft["state"]>("loading");
  const [error, setError] = useState<unknown>(null);
  const [attempt, setAttempt] = useState(0);
  const logins = useAppStore((store) => store.logins);

  // biome-ignore lint/correctness/useExhaustiveDependencies: a retry starts over with the same app
  useEffect(() => {
    if (!app) return;
    let wanted = true;
    const mine = new DraftSaver(app, { get: getDraft, put: putDraft, stash, tabs });
    saver.current = mine;
    setState("loading");
    mine.start().then(
      () => (wanted ? setState("open") : mine.stop()),
      (reason: unknown) => {
        if (!wanted) return;
        setError(reason);
        setState("failed");
      },
    );
    const flush = () => void mine.flush();
    window.addEventListener("online", flush);
    window.addEventListener("pagehide", mine.writeStash);
    return () => {
      wanted = false;
      window.removeEventListener("online", flush);
      window.removeEventListener("pagehide", mine.writeStash);
      void mine.flush().finally(() => mine.stop());
    };
  }, [app, attempt]);

  useEffect(() => {
    if (logins > 0) void saver.current?.flush();
  }, [logins]);

  const flush = useCallback(async () => {
    const done = (await saver.current?.flush()) ?? false;
    void client.invalidateQueries({ queryKey: ["app"] });
    return done;
  }, [client]);
  const retry = useCallback(() => setAttempt((count) => count + 1), []);
  const refresh = useCallback(() => void saver.current?.refresh().catch(() => undefined), []);
  return { state, error, flush, retry, refresh };
}
