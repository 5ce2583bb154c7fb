/** Keys of the code editor, as people read them. */
import { hotkeyLabel, isMac } from "@/lib/use-hotkey";

export const KEYS = {
  format: isMac ? "⇧⌥F" : "Shift Alt F",
  fix: hotkeyLabel("."),
  define: "F12",
  back: isMac ? "⌃-" : "Alt ←",
} as const;

/** The whole list, for where shortcuts are shown. */
export const SHORTCUTS: readonly (readonly [keys: string, does: string])[] = [
  [KEYS.format, "Format the file"],
  [KEYS.fix, "Quick fixes at the cursor"],
  ["F8", "Next problem"],
  [isMac ? "⇧⌘M" : "Ctrl Shift M", "List of problems"],
  [`${KEYS.define}, ${isMac ? "⌘" : "Ctrl"} click`, "Go to definition"],
  [KEYS.back, "Back to where you were"],
  [hotkeyLabel("f"), "Find and replace in the file"],
  [hotkeyLabel("/"), "Comment lines in or out"],
  [`${hotkeyLabel("d")}, ${isMac ? "⌥" : "Alt"} click`, "One more cursor"],
  [isMac ? "⌥↑ ⌥↓" : "Alt ↑ Alt ↓", "Move lines"],
  [isMac ? "⌥⌘[ ⌥⌘]" : "Ctrl Shift [ Ctrl Shift ]", "Fold and unfold"],
  ["Ctrl Space", "Suggestions"],
  ["Esc, then Tab", "Leave the code by keyboard"],
];
