/** Log levels in order. A chosen level shows itself and what is worse. */
export const LEVELS = ["debug", "info", "warning", "error", "critical"] as const;
export type Level = (typeof LEVELS)[number];

export function readLevel(value: string | undefined): Level {
  return LEVELS.find((level) => level === value) ?? "debug";
}

/** An unknown level is shown at every choice but the highest two: it is not known to be harmless. */
export function atLeast(level: string, wanted: Level): boolean {
  const rank = LEVELS.indexOf(level as Level);
  return (rank === -1 ? LEVELS.indexOf("warning") : rank) >= LEVELS.indexOf(wanted);
}
