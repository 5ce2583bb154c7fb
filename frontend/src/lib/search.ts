/** Reading the address bar: what is absent stays out of it, and a way back never leaves this site. */

/** The same object without the keys that are undefined. */
export function optional<T extends object>(values: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}

/** A path on this site, or undefined: `//elsewhere` and `https://elsewhere` are refused, and so is a backslash. */
export function safeNext(value: unknown): string | undefined {
  if (typeof value !== "string" || !/^\/(?![/\\])/.test(value)) return undefined;
  return value;
}
