/** Where the searched words stand in a line's runs of text: the runs again, cut so that each is found or not. */
import type { Run } from "./ansi";

export interface MarkedRun extends Run {
  found: boolean;
}

export function marked(runs: readonly Run[], words: string | undefined): MarkedRun[] {
  if (!words) return runs.map((run) => ({ ...run, found: false }));
  const spans = places(runs.map((run) => run.text).join(""), words);
  let begin = 0;
  return runs.flatMap((run) => {
    const start = begin;
    begin += run.text.length;
    return cut(run, start, spans);
  });
}

function places(text: string, words: string): [number, number][] {
  // Lower case may have another length than the text (İ); then places would be wrong, and nothing is marked.
  const [whole, wanted] = [text.toLowerCase(), words.toLowerCase()];
  if (whole.length !== text.length) return [];
  const found: [number, number][] = [];
  for (let at = whole.indexOf(wanted); at >= 0; at = whole.indexOf(wanted, at + wanted.length))
    found.push([at, at + wanted.length]);
  return found;
}

function cut(run: Run, start: number, spans: readonly [number, number][]): MarkedRun[] {
  const end = start + run.text.length;
  const parts: MarkedRun[] = [];
  let done = start;
  const put = (to: number, found: boolean) => {
    if (to > done) parts.push({ ...run, text: run.text.slice(done - start, to - start), found });
    done = Math.max(done, to);
  };
  for (const [from, to] of spans) {
    if (to <= start || from >= end) continue;
    put(Math.max(from, start), false);
    put(Math.min(to, end), true);
  }
  put(end, false);
  return parts;
}
