import { expect, it } from "vitest";
import { asCurl } from "./curl";

const get = { method: "GET", path: "/", headers: [] };

it("says no more than it must", () => {
  expect(asCurl(get, "http://a.localhost/")).toBe("curl 'http://a.localhost/'");
  expect(asCurl({ ...get, method: "HEAD" }, "http://a")).toBe("curl --head 'http://a/'");
  expect(asCurl({ ...get, method: "POST", body: "x" }, "http://a")).toBe("curl -X POST 'http://a/' --data-raw 'x'");
});

it("quotes for a shell, whatever a visitor asked for", () => {
  const headers = [{ name: "x-mine", value: "it's $(b)" }];
  expect(asCurl({ method: "A`b`", path: "/it's?a=$(b)", headers, body: `"it's"` }, "http://a")).toBe(
    `curl -X 'A\`b\`' 'http://a/it'\\''s?a=$(b)' -H 'x-mine: it'\\''s $(b)' --data-raw '"it'\\''s"'`,
  );
});
