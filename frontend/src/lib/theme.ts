/** The chosen theme. public/theme.js applies it before the first paint and again whenever it or the system changes. */
export type ThemeChoice = "system" | "light" | "dark";

const KEY = "fp:theme";

declare global {
  interface Window {
    fpApplyTheme?: () => void;
  }
}

export function readTheme(): ThemeChoice {
  try {
    const stored = localStorage.getItem(KEY);
    return stored === "light" || stored === "dark" ? stored : "system";
  } catch {
    return "system";
  }
}

export function writeTheme(choice: ThemeChoice): void {
  try {
    if (choice === "system") localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, choice);
  } catch {
    // Without storage the choice cannot be kept, and theme.js could not read it.
  }
  window.fpApplyTheme?.();
}
