import { describe, expect, it } from "vitest";
import type { TestResponse } from "@/lib/api/types";
import { asCurl, contentType, shownBody, toWire } from "./request";

const answer = (body: string, encoding = "utf-8"): TestResponse => ({
  ...{ status: 200, headers: [], body, encoding, truncated: false, ms: 1, cold_start_ms: null },
});

describe("toWire", () => {
  it("adds the slash and names the body's type", () => {
    expect(toWire({ method: "POST", path: "notes", body: '{"a":1}' })).toEqual({
      method: "POST",
      path: "/notes",
      body: '{"a":1}',
      headers: { "content-type": "application/json" },
    });
  });

  it("sends no body where the method takes none", () => {
    expect(toWire({ method: "GET", path: "/", body: "left over" })).toMatchObject({ body: null, headers: {} });
  });
});

describe("contentType", () => {
  it("tells JSON, forms and text apart", () => {
    expect(contentType('["x"]')).toBe("application/json");
    expect(contentType("title=Wake+up&done=")).toBe("application/x-www-form-urlencoded");
    expect(contentType("hello there")).toBe("text/plain");
  });
});

describe("asCurl", () => {
  it("quotes for a shell", () => {
    expect(asCurl({ method: "POST", path: "/n", body: `"it's"` }, "http://a.localhost:8080/")).toBe(
      `curl -X POST 'http://a.localhost:8080/n' -H 'content-type: application/json' -d '"it'\\''s"'`,
    );
    expect(asCurl({ method: "GET", path: "/", body: "" }, "http://a")).toBe("curl 'http://a/'");
  });
});

describe("shownBody", () => {
  it("indents JSON, leaves text alone and does not print bytes", () => {
    expect(shownBody(answer('{"a":1}'))).toEqual({ text: '{\n  "a": 1\n}', json: true });
    expect(shownBody(answer("<p>hi</p>"))).toEqual({ text: "<p>hi</p>", json: false });
    expect(shownBody(answer("AAECAw==", "base64"))).toEqual({ text: "4 bytes that are not text", json: false });
  });
});
