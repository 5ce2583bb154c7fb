import { expect, it } from "vitest";
import { asCurl } from "./curl";

it("quotes for a shell, whatever a visitor asked for", () => {
  expect(asCurl({ method: "GET", path: "/", query: "", headers: null }, "http://a.localhost/")).toBe(
    "curl 'http://a.localhost/'",
  );
  expect(asCurl({ method: "POST", path: "/it's", query: "a=$(b)", headers: null }, "http://a")).toBe(
    `curl -X 'POST' 'http://a/it'\\''s?a=$(b)'`,
  );
  expect(asCurl({ method: "HEAD", path: "/", query: "", headers: null }, "http://a")).toBe("curl --head 'http://a/'");
});

it("takes the headers along that were recorded, quoted too", () => {
  const headers = {
    request: [
      { name: "x-mine", value: "it's $(b)" },
      { name: "cookie", value: null },
    ],
    answer: [],
  };
  expect(asCurl({ method: "GET", path: "/", query: "", headers }, "http://a")).toBe(
    `curl 'http://a/' -H 'x-mine: it'\\''s $(b)'`,
  );
});
