import { expect, it } from "vitest";
import { sendable } from "./headers";

it("sends again what the client said, and nothing that the sender says for itself", () => {
  const request = [
    ["host", "a.localhost"],
    ["x-mine", "1"],
    ["cookie", null],
    ["content-length", "12"],
    ["content-type", "application/json"],
    ["accept-encoding", "br"],
    ["sec-fetch-mode", "cors"],
    ["te", "trailers"],
    ["x-mine", "2"],
  ].map(([name, value]) => ({ name: String(name), value: value ?? null }));
  expect(sendable({ headers: { request, answer: [{ name: "x-answer", value: "1" }] } })).toEqual([
    { name: "x-mine", value: "1" },
    { name: "content-type", value: "application/json" },
    { name: "x-mine", value: "2" },
  ]);
  expect(sendable({ headers: null })).toEqual([]);
});
