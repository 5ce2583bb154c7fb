import { describe, expect, it } from "vitest";
import { KEPT, remembered, type Sent } from "./history";

const sent = (path: string, at = 0): Sent => ({ request: { method: "GET", path, body: "" }, status: 200, ms: 1, at });

describe("history", () => {
  it("has the newest first, each request once, twenty at most", () => {
    let history: Sent[] = [];
    for (let number = 0; number < 30; number++) history = remembered(history, sent(`/${number}`, number));
    history = remembered(history, sent("/15", 99));
    expect(history).toHaveLength(KEPT);
    expect(history.slice(0, 2).map((one) => one.request.path)).toEqual(["/15", "/29"]);
    expect(history.filter((one) => one.request.path === "/15")).toHaveLength(1);
  });

  it("leaves out what is too large to keep", () => {
    const large = { ...sent("/"), request: { method: "POST", path: "/", body: "x".repeat(30_000) } };
    expect(remembered([sent("/a")], large).map((one) => one.request.path)).toEqual(["/a"]);
  });
});
