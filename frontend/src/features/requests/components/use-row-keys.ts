/**
 * The list by keyboard: j and k, or the arrow keys, go down and up, Enter opens, Escape closes. While a request is open the
 * keys go on to the next one. Whoever types in a field, or is in a menu, is left alone.
 */
import { type RefObject, useCallback, useEffect, useRef, useState } from "react";
import type { Feed } from "../model/feed";

interface Options {
  feed: Feed;
  scroller: RefObject<HTMLElement | null>;
  chosen: string | undefined;
  onChoose: (id: string | undefined) => void;
}

/** Higher where fingers press. */
export const ROW = window.matchMedia("(pointer: coarse)").matches ? 40 : 36;
const STEPS: Record<string, number> = { j: 1, ArrowDown: 1, k: -1, ArrowUp: -1 };
const OWN =
  "input, textarea, select, [role=menu], [role=menuitem], [role=tab], [role=slider], [role=dialog], [role=listbox]";

export const rowId = (id: string) => `request-${id}`;

export function useRowKeys({ feed, scroller, chosen, onChoose }: Options) {
  const [active, setActive] = useState<string | undefined>(chosen);
  const latest = useRef({ feed, chosen, onChoose, active });
  latest.current = { feed, chosen, onChoose, active };
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const { feed: list, chosen: open, onChoose: choose, active: on } = latest.current;
      if (event.metaKey || event.ctrlKey || event.altKey || event.defaultPrevented) return;
      if (event.target instanceof Element && event.target.closest(OWN)) return;
      if (event.key === "Escape" && open !== undefined) {
        choose(undefined);
        document.getElementById(rowId(open))?.focus();
        return event.preventDefault();
      }
      const step = STEPS[event.key];
      if (step === undefined) return;
      const from = list.indexOf(open ?? on ?? "");
      const index = from < 0 ? 0 : Math.min(list.snapshot().count - 1, Math.max(0, from + step));
      const row = list.at(index);
      if (!row) return;
      event.preventDefault();
      setActive(row.id);
      reveal(scroller.current, index);
      if (open !== undefined) choose(row.id);
      else requestAnimationFrame(() => document.getElementById(rowId(row.id))?.focus({ preventScroll: true }));
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, [scroller]);
  const choose = useCallback((id: string | undefined) => {
    if (id !== undefined) setActive(id);
    latest.current.onChoose(id);
  }, []);
  return { active, choose };
}

/** Scrolls as little as shows the row, below the toolbar that stays on top. */
function reveal(scroller: HTMLElement | null, index: number): void {
  const body = scroller?.querySelector<HTMLElement>("[data-rows]");
  if (!scroller || !body) return;
  const top = body.offsetTop + index * ROW;
  const bar = 52;
  if (top - bar < scroller.scrollTop) scroller.scrollTop = top - bar;
  else if (top + ROW > scroller.scrollTop + scroller.clientHeight)
    scroller.scrollTop = top + ROW - scroller.clientHeight;
}
