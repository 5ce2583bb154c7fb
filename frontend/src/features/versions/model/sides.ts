/** What a version is compared with, and what two texts of files have in common. Pure. */
import type { components } from "@/lib/api/schema.gen";

export type AppVersion = components["schemas"]["AppVersion"];

export interface Side {
  /** `draft`, or a version's number. */
  value: string;
  label: string;
}

/** The sides that a version can be held against, the one before it first: what it changed is the usual question. */
export function sidesFor(versions: readonly AppVersion[], chosen: number): Side[] {
  const others = versions.filter((one) => one.number !== chosen);
  const earlier = others.filter((one) => one.number < chosen);
  const later = others.filter((one) => one.number > chosen);
  const named = [...earlier, ...later].map((one) => ({
    value: String(one.number),
    label: one.live ? `v${one.number}, live` : `v${one.number}`,
  }));
  return [...named, { value: "draft", label: "the draft" }];
}

/** Which of two sides is the older one: it is shown on the left. */
export function ordered(chosen: number, other: string): readonly [before: string, after: string] {
  return other === "draft" || Number(other) > chosen ? [String(chosen), other] : [other, String(chosen)];
}

export const sideName = (side: string) => (side === "draft" ? "draft" : `v${side}`);
