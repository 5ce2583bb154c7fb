/**
 * Keyboard shortcuts for a whole screen. `mod` is Cmd on a Mac and Ctrl elsewhere. The listener sits on the window in the
 * capture phase, so that it also works while the code has the focus.
 */
import { useEffect, useRef } from "react";

export const isMac = typeof navigator !== "undefined" && /Mac|iPhone|iPad/.test(navigator.userAgent);

export function hotkeyLabel(key: string): string {
  const shown = key === "Enter" ? "↵" : key.toUpperCase();
  return isMac ? `⌘${shown}` : `Ctrl ${shown}`;
}

/** `shift`: only together with Shift; without it only without. */
export function useHotkey(key: string, action: () => void, { shift = false } = {}): void {
  const latest = useRef(action);
  latest.current = action;
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const mod = isMac ? event.metaKey : event.ctrlKey;
      if (!mod || event.shiftKey !== shift || event.altKey || event.key.toLowerCase() !== key.toLowerCase()) return;
      event.preventDefault();
      event.stopPropagation();
      latest.current();
    };
    window.addEventListener("keydown", onKey, true);
    return () => window.removeEventListener("keydown", onKey, true);
  }, [key, shift]);
}
