/**
 * The log of an app on screen: followed live, or read from a moment on. Older lines come when the beginning is reached, newer
 * ones (where it is not followed) when the end is. A new filter or moment begins a new stretch.
 */
import { useCallback, useEffect, useMemo, useRef, useState, useSyncExternalStore } from "react";
import { useAppStore } from "@/lib/app-store";
import { beyond, from, type LogFilter, SETTLED_MS, TAIL_LINES, tailAddress } from "./api/logs";
import { LogBuffer } from "./model/buffer";
import type { Level } from "./model/levels";
import { LogTail, type Socket, type TailState } from "./model/tail";

interface Wanted {
  app: string;
  q: string | undefined;
  level: Level | undefined;
  /** The moment to read from; undefined: follow. */
  at: string | undefined;
}

export function useLog({ app, q, level, at }: Wanted) {
  // biome-ignore lint/correctness/useExhaustiveDependencies: another filter or moment is another stretch
  const buffer = useMemo(() => new LogBuffer(), [app, q, level, at]);
  const filter = useMemo<LogFilter>(() => ({ q, level }), [q, level]);
  const [state, setState] = useState<TailState>("connecting");
  const [error, setError] = useState<unknown>(null);
  const [ends, setEnds] = useState({ older: false, newer: false });
  const [attempt, setAttempt] = useState(0);
  const logins = useAppStore((store) => store.logins);
  const abort = useRef(new AbortController());
  const busy = useRef(false);

  // biome-ignore lint/correctness/useExhaustiveDependencies: a retry or a new login starts over
  useEffect(() => {
    const controller = new AbortController();
    abort.current = controller;
    busy.current = false;
    setState("connecting");
    setError(null);
    setEnds({ older: false, newer: false });
    if (at !== undefined) {
      from(app, filter, at, controller.signal)
        .then((lines) => {
          buffer.append(lines);
          setState("live");
        })
        .catch((reason: unknown) => !controller.signal.aborted && setError(reason));
      return () => controller.abort();
    }
    const tail = new LogTail(
      (after) => tailAddress(app, filter, after),
      {
        onLines: (lines) => buffer.append(lines),
        onDropped: (count) => buffer.skip(count),
        onState: setState,
        onRefused: (problem) => {
          if (problem.code === "not_logged_in") useAppStore.getState().expire();
          setState("broken");
          setError(problem);
        },
      },
      (url) => new WebSocket(url) as unknown as Socket,
    );
    tail.start();
    return () => {
      controller.abort();
      tail.stop();
    };
  }, [app, filter, at, buffer, attempt, logins]);

  const more = useCallback(
    async (older: boolean) => {
      const lines = buffer.snapshot().lines;
      const edge = (older ? lines[0] : lines.at(-1))?.time ?? at;
      if (busy.current || edge === undefined) return;
      // Where the tail's first lines begin in the middle of a burst, the rest of the burst is not stored before it is.
      if (older && lines.length >= TAIL_LINES && Date.now() - Date.parse(edge) < SETTLED_MS) return;
      busy.current = true;
      const { signal } = abort.current;
      try {
        const known = (id: string) => buffer.has(id);
        const found = await beyond({ app, filter, from: edge, older, known, signal });
        if (signal.aborted) return;
        if (older) buffer.prepend(found);
        else buffer.append(found);
        if (found.length === 0) setEnds((old) => ({ ...old, [older ? "older" : "newer"]: true }));
      } catch {
        // The lines stay; the next scroll asks again.
      } finally {
        if (!signal.aborted) busy.current = false;
      }
    },
    [app, filter, at, buffer],
  );
  const shown = useSyncExternalStore(buffer.subscribe, buffer.snapshot);
  return { buffer, shown, state, error, ends, more, retry: () => setAttempt((count) => count + 1) };
}
