import { describe, expect, it } from "vitest";
import { asCurl, asHttpx, contentType, fromExample, queryOf, toExample, toWire, withQuery } from "./request";

describe("toWire", () => {
  it("adds the slash and names the body's type", () => {
    expect(toWire({ method: "POST", path: "notes", body: '{"a":1}' })).toEqual({
      method: "POST",
      path: "/notes",
      body: '{"a":1}',
      body_encoding: "utf-8",
      headers: { "content-type": "application/json" },
    });
  });

  it("sends no body where the method takes none", () => {
    expect(toWire({ method: "GET", path: "/", body: "left over" })).toMatchObject({ body: null, headers: {} });
  });
});

describe("headers", () => {
  it("are sent without their empty rows, and a type that was typed stays", () => {
    const headers = [
      { name: "Content-Type", value: "text/csv" },
      { name: " ", value: "left over" },
    ];
    expect(toWire({ method: "PUT", path: "/", body: "a,b", headers }).headers).toEqual({ "Content-Type": "text/csv" });
  });

  it("stay through being saved", () => {
    const request = { method: "POST", path: "/a?b=c", body: "{}", headers: [{ name: "X-Key", value: "k" }] };
    expect(fromExample(toExample(request, "Mine"))).toEqual(request);
  });
});

describe("the query as rows", () => {
  it("is read from the path and written back", () => {
    expect(queryOf("/a?q=x%20y&q=&z=1")).toEqual([
      { name: "q", value: "x y" },
      { name: "q", value: "" },
      { name: "z", value: "1" },
    ]);
    expect(withQuery("/a?old=1", [{ name: "q", value: "a&b" }])).toBe("/a?q=a%26b");
    expect(withQuery("/a?old=1", [])).toBe("/a");
  });
});

describe("asHttpx", () => {
  it("is Python that sends the same", () => {
    const text = asHttpx({ method: "POST", path: "/n", body: '{"a": "it\'s"}' }, "http://a/");
    expect(text).toContain('"POST",\n    "http://a/n",');
    expect(text).toContain('headers={"content-type": "application/json"}');
    expect(text).toContain(`content="{\\"a\\": \\"it's\\"}"`);
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
      `curl -X POST 'http://a.localhost:8080/n' -H 'content-type: application/json' --data-raw '"it'\\''s"'`,
    );
    expect(asCurl({ method: "GET", path: "/", body: "" }, "http://a")).toBe("curl 'http://a/'");
  });
});
