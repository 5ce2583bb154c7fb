import { describe, expect, it } from "vitest";
import type { App, AppStatus } from "@/lib/api/types";
import { counts, readFilter, select } from "./fleet";

function app(name: string, status: AppStatus, last: string | null = null): App {
  const at = "2026-01-01T00:00:00Z";
  return {
    ...{ id: name, name, url: `http://${name}.localhost:8080`, status, owner: "ada", version: 1, idle_minutes: 15 },
    ...{ created_at: at, updated_at: at, last_request_at: last, draft_differs: 0 },
  };
}

const fleet = [
  app("notes", "running", "2026-01-02T00:00:00Z"),
  app("hooks", "sleeping", "2026-01-03T00:00:00Z"),
  app("board", "waking"),
  app("shop", "error"),
  app("scratch", "draft"),
];
const names = (apps: App[]) => apps.map((one) => one.name);

describe("select", () => {
  it("puts the last used first, and by name where that is the same", () => {
    expect(names(select(fleet, "all", ""))).toEqual(["hooks", "notes", "board", "scratch", "shop"]);
  });

  it("counts what is on its way up as running", () => {
    expect(names(select(fleet, "running", ""))).toEqual(["notes", "board"]);
    expect(counts(fleet)).toEqual({ all: 5, running: 2, sleeping: 1, error: 1, draft: 1 });
  });

  it("wants every word, in name or address", () => {
    expect(names(select(fleet, "all", "NOT localhost"))).toEqual(["notes"]);
    expect(select(fleet, "draft", "notes")).toEqual([]);
  });
});

describe("readFilter", () => {
  it("falls back to all for anything else", () => {
    expect(readFilter("sleeping")).toBe("sleeping");
    expect(readFilter(["running"])).toBe("all");
  });
});
