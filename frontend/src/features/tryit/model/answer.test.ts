import { describe, expect, it } from "vitest";
import type { TestResponse } from "@/lib/api/types";
import { phases, shownBody } from "./answer";

const answer = (body: string, type = "application/json", encoding = "utf-8"): TestResponse => ({
  ...{ status: 200, headers: [["Content-Type", type]], body, encoding, truncated: false, ms: 10, cold_start_ms: null },
  ...{ phases: [], request_id: null, redirect: null, curl: "curl http://a" },
});

describe("shownBody", () => {
  it("tells JSON, pages, text and nothing apart", () => {
    expect(shownBody(answer('{"a":1}'))).toEqual({ kind: "json", value: { a: 1 }, text: '{\n  "a": 1\n}' });
    expect(shownBody(answer("<p>hi</p>", "text/html; charset=utf-8"))).toEqual({ kind: "html", text: "<p>hi</p>" });
    expect(shownBody(answer("plain", "text/plain"))).toEqual({ kind: "text", text: "plain" });
    expect(shownBody(answer(""))).toEqual({ kind: "empty" });
  });

  it("shows pictures of known kinds, and counts other bytes", () => {
    expect(shownBody(answer("AAEC", "image/png", "base64"))).toEqual({
      kind: "image",
      source: "data:image/png;base64,AAEC",
    });
    expect(shownBody(answer("AAECAw==", "application/zip", "base64"))).toEqual({ kind: "bytes", count: 4 });
    expect(shownBody(answer("AAEC", "image/svg+xml", "base64"))).toMatchObject({ kind: "bytes" });
  });
});

describe("phases", () => {
  it("follow one another and fill the whole", () => {
    const told = {
      ...answer("x"),
      phases: [
        { name: "wake", ms: 8 },
        { name: "app", ms: 2 },
      ],
    } as TestResponse;
    expect(phases(told)).toEqual([
      { name: "Wake", wake: true, ms: 8, from: 0, share: 0.8 },
      { name: "App", wake: false, ms: 2, from: 0.8, share: 0.2 },
    ]);
  });
});
