/** What a deploy found wrong with the draft that is open, for the lines of its code. Pure. */
import type { Deploy, Finding } from "@/lib/api/types";

const NONE: readonly Finding[] = [];

interface Draft {
  etag: string;
  /** It holds what is not saved yet. */
  edited: boolean;
}

/**
 * Those of the deploy on screen, else those of the newest one, as long as the draft is the one that it took. Of a deploy that
 * is not on screen only what has a line: the rest was said on its rail, and somebody closed that.
 */
export function deployFindings(onScreen: Deploy | null, newest: Deploy | null, draft: Draft): readonly Finding[] {
  const deploy = onScreen ?? newest;
  if (deploy?.status !== "failed" || draft.edited || deploy.draft_etag !== draft.etag) return NONE;
  const ofTheCode = deploy.findings.filter(isOfTheCode);
  return onScreen ? ofTheCode : ofTheCode.filter((finding) => finding.file && finding.line);
}

/** That somebody took the deploy back, or deployed again, is said on the rail. */
function isOfTheCode(finding: Finding): boolean {
  return finding.code !== "cancelled" && finding.code !== "superseded";
}
