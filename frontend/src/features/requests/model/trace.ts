/** A recorded failure, taken apart: the exception, where it was raised, and where that line stands in the draft now. */
import type { TraceFrame } from "@/lib/api/types";

export interface Failure {
  /** `KeyError` */
  exception: string;
  /** `'stars'` */
  words: string;
}

/** The last line that is not indented says what it was; what follows it are notes and further lines of its words. */
export function failureOf(traceback: string): Failure {
  const lines = traceback.trimEnd().split("\n");
  let place = lines.length - 1;
  const isHead = (line: string) => /^[A-Za-z_][\w.]*(Error|Exception|Warning|Exit|Interrupt|Group)?(:|$)/.test(line);
  const lastFrame = lines.findLastIndex((line) => /^[ |+]*File "/.test(line));
  const head = lines.findIndex((line, index) => index > lastFrame && isHead(line));
  if (head >= 0) place = head;
  const [, exception, words] = /^([\w.]+)(?::\s*([\s\S]*))?$/.exec(lines.slice(place).join("\n")) ?? [];
  return exception === undefined
    ? { exception: lines[place] ?? "", words: "" }
    : { exception: exception.replace(/^builtins\./, ""), words: words ?? "" };
}

/**
 * The line of the draft that the frame's line is now: the same text, at the same place or the nearest to it; null when the
 * draft has no such file or line any more.
 */
export function draftLine(files: Readonly<Record<string, string>>, frame: TraceFrame): number | null {
  const text = files[frame.file];
  const wanted = frame.code.trim();
  if (text === undefined || wanted === "") return null;
  const found = text
    .split("\n")
    .flatMap((line, index) => (line.trim() === wanted ? [index + 1] : []))
    .sort((a, b) => Math.abs(a - frame.line) - Math.abs(b - frame.line));
  return found[0] ?? null;
}

/** `notes/importer.py, line 23, in load` */
export function placeOf(frame: TraceFrame): string {
  return `${frame.file}, line ${frame.line}${frame.function ? `, in ${frame.function}` : ""}`;
}
