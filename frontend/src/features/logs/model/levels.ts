/** Log levels in order. A chosen level shows itself and what is worse. */
export const LEVELS = ["debug", "info", "warning", "error", "critical"] as const;
export type Level = (typeof LEVELS)[number];

export function readLevel(value: string | undefined): Level {
  return LEVELS.find((level) => level === value) ?? "debug";
}
