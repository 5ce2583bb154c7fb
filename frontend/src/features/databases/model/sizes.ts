/** Bytes and counts as people read them. */

const UNITS = ["B", "KB", "MB", "GB", "TB"] as const;

/** `0 B`, `812 B`, `1.2 MB`, `340 KB`. */
export function bytes(value: number): string {
  let [size, unit] = [value, 0];
  while (size >= 1000 && unit < UNITS.length - 1) {
    size /= 1024;
    unit++;
  }
  return `${unit > 0 && size < 10 ? size.toFixed(1) : Math.round(size)} ${UNITS[unit]}`;
}

/** How long documents stay: `2 h`, `7 days`. */
export function lifetime(seconds: number): string {
  const [name, span] = (
    [
      ["days", 86_400],
      ["h", 3600],
      ["min", 60],
    ] as const
  ).find(([, one]) => seconds >= one && seconds % one === 0) ?? ["s", 1];
  const count = seconds / span;
  return `${count.toLocaleString("en-US")} ${name === "days" && count === 1 ? "day" : name}`;
}
