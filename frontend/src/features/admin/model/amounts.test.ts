import { describe, expect, it } from "vitest";
import { lasting, megabytes } from "./amounts";

describe("amounts", () => {
  it("says how long in the largest units", () => {
    expect([42.9, 60, 3599, 11_520, 439_200].map(lasting)).toEqual([
      "42 s",
      "1 min",
      "59 min",
      "3 h 12 min",
      "5 d 2 h",
    ]);
  });

  it("says megabytes", () => {
    expect([0, 5 * 2 ** 20 + 600_000, 2 ** 31].map(megabytes)).toEqual(["0.0", "5.6", "2,048"]);
  });
});
