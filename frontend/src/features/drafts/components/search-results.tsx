/** Matches by file, only those in sight drawn. A line opens its place; arrow keys go from one to the next. */
import { useVirtualizer } from "@tanstack/react-virtual";
import { type KeyboardEvent, useMemo, useRef } from "react";
import { FileIcon } from "@/components/file-icon";
import { plural } from "@/lib/format";
import { excerpt, type Match } from "../model/search";

interface Props {
  matches: readonly Match[];
  onShow: (match: Match) => void;
}

/** Beside the code there is room for some twenty letters. */
const BESIDE = matchMedia("(min-width: 1024px)");

type Line = { path: string; count: number } | Match;

export function SearchResults({ matches, onShow }: Props) {
  const scroller = useRef<HTMLDivElement>(null);
  const lines = useMemo(() => grouped(matches), [matches]);
  const drawn = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => (matchMedia("(pointer: coarse)").matches ? 44 : 26),
    overscan: 10,
  });
  return (
    <section
      ref={scroller}
      aria-label="Matches"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
      tabIndex={0}
      onKeyDown={step}
      className="min-h-0 flex-1 overflow-y-auto border-line border-t outline-offset-[-2px]"
    >
      <ul className="relative" style={{ height: drawn.getTotalSize() }}>
        {drawn.getVirtualItems().map(({ index, start, size }) => {
          const line = lines[index] as Line;
          return (
            <li
              key={index}
              className="absolute inset-x-0 top-0"
              style={{ height: size, transform: `translateY(${start}px)` }}
            >
              {"count" in line ? <Head {...line} /> : <Hit match={line} onShow={onShow} />}
            </li>
          );
        })}
      </ul>
    </section>
  );
}

function Head({ path, count }: { path: string; count: number }) {
  return (
    <p className="flex h-full items-center gap-2 px-3.5 font-medium text-sm" title={path}>
      <FileIcon path={path} className="text-muted" />
      <span className="min-w-0 flex-1 truncate">{path}</span>
      <span className="tnum text-muted" title={plural(count, "match", "matches")}>
        {count}
      </span>
    </p>
  );
}

function Hit({ match, onShow }: { match: Match; onShow: (match: Match) => void }) {
  const { before, hit, after } = excerpt(match, BESIDE.matches ? 8 : 30);
  return (
    <button
      type="button"
      onClick={() => onShow(match)}
      title={`${match.path}:${match.line}`}
      className="flex h-full w-full items-center gap-2 pr-2 pl-3.5 text-left font-mono text-xs hover:bg-raised focus-visible:outline-offset-[-2px]"
    >
      <span className="sr-only">{match.path}, line</span>
      <span className="tnum w-7 shrink-0 text-right text-faint">{match.line}</span>
      <span className="min-w-0 flex-1 truncate whitespace-pre text-muted">
        {before}
        <mark className="rounded-[2px] bg-waking-bg text-waking">{hit}</mark>
        {after}
      </span>
    </button>
  );
}

function grouped(matches: readonly Match[]): Line[] {
  const counts = new Map<string, number>();
  for (const { path } of matches) counts.set(path, (counts.get(path) ?? 0) + 1);
  let path: string | undefined;
  return matches.flatMap((match) => {
    if (match.path === path) return [match];
    path = match.path;
    return [{ path, count: counts.get(path) ?? 0 }, match];
  });
}

function step(event: KeyboardEvent<HTMLDivElement>): void {
  const by = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
  if (by === 0) return;
  event.preventDefault();
  const buttons = [...event.currentTarget.querySelectorAll("button")];
  const at = buttons.indexOf(document.activeElement as HTMLButtonElement);
  buttons[at < 0 ? 0 : Math.min(buttons.length - 1, Math.max(0, at + by))]?.focus();
}
