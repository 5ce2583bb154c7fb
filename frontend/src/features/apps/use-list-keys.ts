/** The list by keyboard: j, k and arrows walk the rows, and bare keys act on the one that has the focus. */
import type { RefObject } from "react";
import type { FleetRow } from "@/lib/api/types";
import { useKey } from "@/lib/use-key";
import { type KeyVerb, keyVerb } from "./verbs";

interface Options {
  scroller: RefObject<HTMLElement | null>;
  /** Pixels from the scroller's top to the first row. */
  offset: number;
  rowHeight: number;
  total: number;
  row: (index: number) => FleetRow | undefined;
  onVerb: (verb: KeyVerb, index: number) => void;
}

const STEPS: Record<string, (at: number, total: number, page: number) => number> = {
  j: (at) => at + 1,
  k: (at) => at - 1,
  arrowdown: (at) => at + 1,
  arrowup: (at) => at - 1,
  pagedown: (at, _, page) => at + page,
  pageup: (at, _, page) => at - page,
  home: () => 0,
  end: (_, total) => total - 1,
};
const HEAD = 40;

export function useListKeys({ scroller, offset, rowHeight, total, row, onVerb }: Options): void {
  const go = (index: number) => {
    const box = scroller.current;
    if (!box) return;
    const top = offset + index * rowHeight;
    if (top - HEAD < box.scrollTop) box.scrollTop = top - HEAD;
    else if (top + rowHeight > box.scrollTop + box.clientHeight) box.scrollTop = top + rowHeight - box.clientHeight;
    focus(box, index, 20);
  };
  useKey((key) => {
    const at = focused();
    const step = STEPS[key.toLowerCase()];
    if (step && total > 0) {
      if (at === undefined && !/^(j|k|arrow)/i.test(key)) return false;
      const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / rowHeight) - 2);
      go(at === undefined ? 0 : Math.min(Math.max(step(at, total, page), 0), total - 1));
      return true;
    }
    const app = at === undefined ? undefined : row(at)?.app;
    const verb = app && keyVerb(key, app);
    if (at === undefined || !verb) return false;
    onVerb(verb, at);
    return true;
  });
}

function focused(): number | undefined {
  const within = document.activeElement?.closest("[role=row]")?.querySelector<HTMLElement>("[data-index]");
  return within ? Number(within.dataset.index) : undefined;
}

/** The row may have to be drawn, or asked for, first. */
function focus(box: HTMLElement, index: number, tries: number): void {
  const link = box.querySelector<HTMLElement>(`[data-index="${index}"]`);
  if (link) link.focus({ preventScroll: true });
  else if (tries > 0) requestAnimationFrame(() => focus(box, index, tries - 1));
}
