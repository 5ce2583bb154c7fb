import { describe, expect, it } from "vitest";
import { fits, ranked } from "./fuzzy";

const find = (typed: string, ...texts: string[]) => ranked(texts, typed, (text) => text);

describe("fuzzy", () => {
  it("wants every letter in order", () => {
    expect(fits("notes-api", "nap")).not.toBeNull();
    expect(fits("notes-api", "pan")).toBeNull();
    expect(fits("notes-api", "Notes API")).not.toBeNull();
    expect(find("xyz", "Deploy", "Sleep")).toEqual([]);
  });

  it("puts beginnings of words, and letters in a row, first", () => {
    expect(find("dep", "Open deleted apps", "Deploy")).toEqual(["Deploy", "Open deleted apps"]);
    expect(find("na", "banana", "notes-api")).toEqual(["notes-api", "banana"]);
    expect(find("log", "Light overview group", "Log out")).toEqual(["Log out", "Light overview group"]);
    expect(find("api", "a-plain-item", "notes-api")[0]).toBe("notes-api");
  });

  it("leaves the order alone where nothing is typed", () => {
    expect(find("  ", "b", "a")).toEqual(["b", "a"]);
  });
});
