/** An answer, as what people look at: a tree of JSON, text, a picture, a page, or bytes that are none of these. Pure. */
import type { Json } from "@/components/json-tree";
import type { TestResponse } from "@/lib/api/types";

export type Shown =
  | { kind: "empty" }
  | { kind: "json"; value: Json; text: string }
  | { kind: "html"; text: string }
  | { kind: "text"; text: string }
  | { kind: "image"; source: string }
  | { kind: "bytes"; count: number };

export function typeOf(answer: TestResponse): string {
  const header = answer.headers.find(([name]) => name.toLowerCase() === "content-type")?.[1] ?? "";
  return (header.split(";", 1)[0] ?? "").trim().toLowerCase();
}

export function shownBody(answer: TestResponse): Shown {
  if (answer.body === "") return { kind: "empty" };
  const type = typeOf(answer);
  if (answer.encoding === "base64") {
    if (/^image\/(png|jpeg|gif|webp|avif|bmp|x-icon)$/.test(type))
      return { kind: "image", source: `data:${type};base64,${answer.body}` };
    return { kind: "bytes", count: bytesOf(answer.body) };
  }
  if (type === "image/svg+xml")
    return { kind: "image", source: `data:image/svg+xml;charset=utf-8,${encodeURIComponent(answer.body)}` };
  if (type === "text/html") return { kind: "html", text: answer.body };
  try {
    const value = JSON.parse(answer.body) as Json;
    return { kind: "json", value, text: JSON.stringify(value, null, 2) };
  } catch {
    return { kind: "text", text: answer.body };
  }
}

function bytesOf(base64: string): number {
  return Math.floor((base64.replace(/=+$/, "").length * 3) / 4);
}

const PHASE: Record<string, string> = {
  connect: "Connect",
  send: "Send",
  wake: "Wake",
  app: "App",
  download: "Download",
};

export interface Phase {
  name: string;
  wake: boolean;
  ms: number;
  /** Where it begins and how long it is, as shares of the whole. */
  from: number;
  share: number;
}

/** The parts of the time, one after another. */
export function phases(answer: TestResponse): Phase[] {
  const parts = answer.phases ?? [];
  const whole = Math.max(
    answer.ms,
    parts.reduce((sum, one) => sum + one.ms, 0),
    0.001,
  );
  let at = 0;
  return parts.map((one) => {
    const from = at / whole;
    at += one.ms;
    return { name: PHASE[one.name] ?? one.name, wake: one.name === "wake", ms: one.ms, from, share: one.ms / whole };
  });
}
