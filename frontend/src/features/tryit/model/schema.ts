/** Reading somebody's JSON: whatever a value is, it is taken as what it should be, or as nothing. */

export type Raw = Record<string, unknown>;

export const record = (value: unknown): Raw =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Raw) : {};
export const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
export const text = (value: unknown): string => (typeof value === "string" ? value : "");

/** Follows `#/…` within the document, a few steps at most: it may lead in a circle. */
export function resolve(document: Raw, value: unknown): Raw {
  let found = record(value);
  for (let steps = 0; steps < 8 && typeof found.$ref === "string"; steps++) {
    const path = found.$ref.replace(/^#\//, "").split("/");
    found = record(
      path.reduce<unknown>((at, key) => record(at)[key.replaceAll("~1", "/").replaceAll("~0", "~")], document),
    );
  }
  return found;
}
