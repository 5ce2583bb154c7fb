/** Amounts as the overview shows them. Pure. */

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** How long, in its two largest units: `42 s`, `3 h 12 min`, `5 d 2 h`. */
export function lasting(seconds: number): string {
  if (seconds < MINUTE) return `${Math.floor(seconds)} s`;
  if (seconds < HOUR) return `${Math.floor(seconds / MINUTE)} min`;
  if (seconds < DAY) return `${Math.floor(seconds / HOUR)} h ${Math.floor((seconds % HOUR) / MINUTE)} min`;
  return `${Math.floor(seconds / DAY).toLocaleString("en-US")} d ${Math.floor((seconds % DAY) / HOUR)} h`;
}

/** Megabytes with one decimal below ten. */
export function megabytes(bytes: number): string {
  const value = bytes / 1024 / 1024;
  return value < 10 ? value.toFixed(1) : Math.round(value).toLocaleString("en-US");
}
