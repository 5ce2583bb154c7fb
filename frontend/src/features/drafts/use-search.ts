/**
 * What a query finds in the files while both are edited. A plain text is looked for at once; an expression may take for ever,
 * so a worker does it, and what was found before stays on screen until it answers.
 */
import { useDeferredValue, useEffect, useMemo, useRef, useState } from "react";
import type { Files } from "./model/merge";
import { type Found, NOTHING, type Query, replaceAll, search } from "./model/search";
import { Expressions, type Unanswered } from "./search/expressions";
import { useEditorStore } from "./store";

const WORDS: Record<Exclude<Unanswered, "dropped">, string> = {
  late: "This expression takes too long.",
  gone: "Expressions could not be loaded. Reload the page to try again.",
};

export interface Search {
  found: Found;
  /** An expression is at work, and what was found is of the query before. */
  busy: boolean;
  /** The files that change when what was found becomes that text; null where an expression did not come to an end. */
  replaced: (by: string) => Promise<Record<string, string> | null>;
}

export function useSearch(query: Query): Search {
  const files = useEditorStore((state) => state.files);
  const asked = useDeferredValue(query);
  const finder = useExpressions();
  const replacer = useExpressions();
  const plain = useMemo(() => (asked.regex ? null : search(files, asked)), [files, asked]);
  const [latest, setLatest] = useState<{ files: Files; asked: Query; found: Found }>();
  useEffect(() => {
    if (!asked.regex) return finder.stop();
    void finder.search(files, asked).then((answer) => {
      const found = typeof answer === "string" ? failed(answer) : answer;
      if (found) setLatest({ files, asked, found });
    });
  }, [files, asked, finder]);
  const replaced = async (by: string): Promise<Record<string, string> | null> => {
    const before = useEditorStore.getState().files;
    const answer = query.regex ? await replacer.replace(before, query, by) : replaceAll(before, query, by);
    if (typeof answer === "string") {
      const found = failed(answer);
      if (found) setLatest({ files, asked, found });
      return null;
    }
    // Somebody may have typed meanwhile, and that must not be lost.
    return useEditorStore.getState().files === before ? answer : replaced(by);
  };
  return {
    found: plain ?? latest?.found ?? NOTHING,
    busy: plain === null && (latest?.files !== files || latest.asked !== asked),
    replaced,
  };
}

function failed(why: Unanswered): Found | null {
  return why === "dropped" ? null : { ...NOTHING, problem: WORDS[why] };
}

/** Ended with the panel, so that no answer comes to files of another app. */
function useExpressions(): Expressions {
  const expressions = useRef<Expressions>(undefined);
  expressions.current ??= new Expressions();
  useEffect(() => () => expressions.current?.stop(), []);
  return expressions.current;
}
