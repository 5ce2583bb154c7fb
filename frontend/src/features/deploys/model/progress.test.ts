import { describe, expect, it } from "vitest";
import type { Deploy, Stage } from "@/lib/api/types";
import { advance, begin, isCancelled, meaning, over, stageWord, superseded } from "./progress";

const stage = (name: Stage["name"], status: Stage["status"], ms: number | null = null): Stage => ({
  name,
  status,
  ms,
  message: "",
});

function deploy(change: Partial<Deploy> = {}): Deploy {
  return {
    id: "d1",
    app: "a1",
    status: "running",
    stages: [
      stage("validate", "running"),
      stage("version", "pending"),
      stage("start", "pending"),
      stage("ready", "pending"),
    ],
    findings: [],
    version: null,
    url: "http://x.localhost",
    created_at: "2026-01-01T00:00:00Z",
    finished_at: null,
    by: "ada",
    rollback_of: null,
    cancelled_by: null,
    draft_etag: null,
    ...change,
  };
}

describe("advance", () => {
  it("takes newer events and remembers when each stage was first seen running", () => {
    const first = begin(deploy(), 100);
    expect(first.since).toEqual({ validate: 100 });
    const next = deploy({
      stages: [
        stage("validate", "done", 12),
        stage("version", "running"),
        stage("start", "pending"),
        stage("ready", "pending"),
      ],
    });
    const second = advance(first, { seq: 2, deploy: next }, 150);
    expect(second.since).toEqual({ validate: 100, version: 150 });
    expect(advance(second, { seq: 3, deploy: next }, 400).since.version).toBe(150);
  });

  it("ignores what it has already seen and what belongs to another deploy", () => {
    const seen = advance(begin(deploy(), 0), { seq: 3, deploy: deploy({ version: 8 }) }, 0);
    expect(advance(seen, { seq: 3, deploy: deploy() }, 0)).toBe(seen);
    expect(advance(seen, { seq: 1, deploy: deploy() }, 0)).toBe(seen);
    expect(advance(seen, { seq: 9, deploy: deploy({ id: "d2" }) }, 0)).toBe(seen);
  });

  it("never goes back from an end to running", () => {
    const ended = advance(begin(deploy(), 0), { seq: 1, deploy: deploy({ status: "failed" }) }, 0);
    expect(over(ended.deploy)).toBe(true);
    expect(advance(ended, { seq: 2, deploy: deploy() }, 0)).toBe(ended);
  });
});

describe("superseded", () => {
  it("is what was on screen, and what began before that", () => {
    const shown = [deploy({ id: "d2", created_at: "2026-01-01T00:00:05Z" })];
    expect(superseded(deploy({ id: "d2", created_at: "2026-01-01T00:00:05Z" }), shown)).toBe(true);
    expect(superseded(deploy(), shown)).toBe(true);
    expect(superseded(deploy({ id: "d3", created_at: "2026-01-01T00:00:05.001Z" }), shown)).toBe(false);
    expect(superseded(deploy({ app: "a2" }), shown)).toBe(false);
    expect(superseded(deploy(), [])).toBe(false);
  });
});

describe("words", () => {
  it("name a stage by what it does, then by what it did", () => {
    expect(stageWord(stage("start", "pending"), null)).toBe("Start");
    expect(stageWord(stage("start", "running"), 8)).toBe("Starting");
    expect(stageWord(stage("version", "done"), 8)).toBe("Version 8");
    expect(stageWord(stage("validate", "failed"), null)).toBe("Validate");
  });

  it("say who serves visitors meanwhile", () => {
    expect(meaning(deploy({ version: 8 }), 7)).toBe("v7 keeps serving until v8 is ready");
    expect(meaning(deploy({ status: "failed", version: 8 }), 7)).toBe("v7 keeps serving");
    expect(meaning(deploy({ status: "failed" }), null)).toBe("Nothing is live yet");
    expect(meaning(deploy({ status: "succeeded", version: 8 }), 7)).toBe("v8 is live");
  });
  it("say what became of a cancel", () => {
    const cancelled = { code: "cancelled", message: "ada cancelled this deploy" } as Deploy["findings"][number];
    const ended = deploy({ status: "failed", findings: [cancelled], cancelled_by: "ada" });
    expect(isCancelled(ended)).toBe(true);
    expect(meaning(ended, 7)).toBe("v7 keeps serving");
    expect(isCancelled(deploy({ status: "failed" }))).toBe(false);
    expect(meaning(deploy({ cancelled_by: "ada" }), 7)).toBe("Cancelling; v7 keeps serving");
    expect(meaning(deploy({ status: "succeeded", version: 8, cancelled_by: "ada" }), 7)).toContain("before the cancel");
  });
});
