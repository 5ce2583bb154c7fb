import { expect, it } from "vitest";
import { asCurl } from "./curl";

it("quotes for a shell, whatever a visitor asked for", () => {
  expect(asCurl({ method: "GET", path: "/", query: "" }, "http://a.localhost/")).toBe("curl 'http://a.localhost/'");
  expect(asCurl({ method: "POST", path: "/it's", query: "a=$(b)" }, "http://a")).toBe(
    `curl -X 'POST' 'http://a/it'\\''s?a=$(b)'`,
  );
  expect(asCurl({ method: "HEAD", path: "/", query: "" }, "http://a")).toBe("curl --head 'http://a/'");
});
