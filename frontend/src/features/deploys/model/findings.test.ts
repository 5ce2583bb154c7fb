import { describe, expect, it } from "vitest";
import type { Deploy, Finding } from "@/lib/api/types";
import { deployFindings } from "./findings";

const finding = (change: Partial<Finding>): Finding => ({
  ...{ code: "start_failed", message: "m", hint: "", file: null, line: null, column: null, traceback: null },
  ...change,
});
const PLACED = finding({ file: "app.py", line: 3 });
const LOOSE = finding({ code: "start_timeout" });

function failed(change: Partial<Deploy> = {}): Deploy {
  return {
    ...{ id: "d1", app: "a1", status: "failed", stages: [], version: 1, url: "", created_at: "2026-01-01T00:00:00Z" },
    ...{ finished_at: "2026-01-01T00:00:01Z", by: "ada", rollback_of: null, cancelled_by: null, draft_etag: "same" },
    ...{ findings: [PLACED, LOOSE, finding({ code: "cancelled" }), finding({ code: "superseded" })] },
    ...change,
  };
}

const draft = { etag: "same", edited: false };

describe("deployFindings", () => {
  it("are on their lines whoever deployed, as long as the draft is the one that was deployed", () => {
    expect(deployFindings(failed(), null, draft)).toEqual([PLACED, LOOSE]);
    expect(deployFindings(failed(), null, { ...draft, etag: "other" })).toEqual([]);
    expect(deployFindings(failed(), null, { ...draft, edited: true })).toEqual([]);
    expect(deployFindings(failed({ draft_etag: null }), null, draft)).toEqual([]);
  });

  it("of a deploy that is not on screen are those that have a line", () => {
    expect(deployFindings(null, failed(), draft)).toEqual([PLACED]);
    expect(deployFindings(null, null, draft)).toEqual([]);
  });

  it("go with a newer deploy", () => {
    expect(deployFindings(failed({ status: "running", findings: [] }), failed(), draft)).toEqual([]);
    expect(deployFindings(null, failed({ status: "succeeded", findings: [] }), draft)).toEqual([]);
  });
});
