/**
 * Bare keys as shortcuts: J, /, ?. They rest while someone types, while a dialog or a menu is open, and with Cmd, Ctrl or Alt,
 * which belong to the browser.
 */
import { useEffect, useRef } from "react";

const TYPED_IN = "input, textarea, select, [contenteditable=true], [role=textbox], [role=combobox]";
const OVER = "[role=dialog], [role=alertdialog], [role=menu], [role=listbox]";

/** A toast is a dialog to assistive technology, but it takes nothing over. */
function covered(): boolean {
  return [...document.querySelectorAll(OVER)].some((one) => !one.closest("[data-toasts]"));
}

export function typing(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest(TYPED_IN) !== null;
}

export function useKey(handle: (key: string, event: KeyboardEvent) => boolean): void {
  const latest = useRef(handle);
  latest.current = handle;
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.metaKey || event.ctrlKey || event.altKey || typing(event.target)) return;
      if (covered()) return;
      if (latest.current(event.key, event)) event.preventDefault();
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, []);
}
