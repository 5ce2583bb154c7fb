/** What is wrong with the draft: what the check found, and what the last deploy found as long as the text is still that one. */
import { useMemo } from "react";
import { useDeployStore } from "@/features/deploys/store";
import { useValidation } from "@/features/drafts/api/drafts";
import { useEditorStore } from "@/features/drafts/store";
import type { Finding } from "@/lib/api/types";

const NONE: Finding[] = [];

export function useFindings(app: string, open: boolean): readonly Finding[] {
  const etag = useEditorStore((state) => state.base.etag);
  const deployed = useDeployStore((state) => (state.app === app ? state.revision : null));
  const untouched = useEditorStore((state) => state.revision === deployed);
  const deploy = useDeployStore((state) => (untouched && state.app === app ? state.progress?.deploy : undefined));
  const validation = useValidation(open ? app : null, etag);
  const checked = validation.data?.findings ?? NONE;
  const failed = deploy?.status === "failed" ? deploy.findings : NONE;
  return useMemo(() => unique([...checked, ...failed.filter(isOfTheCode)]), [checked, failed]);
}

/** That somebody took the deploy back, or deployed again, is said on the rail. */
function isOfTheCode(finding: Finding): boolean {
  return finding.code !== "cancelled" && finding.code !== "superseded";
}

function unique(findings: readonly Finding[]): Finding[] {
  const seen = new Map(
    findings.map((finding) => [`${finding.file}:${finding.line}:${finding.code}:${finding.message}`, finding]),
  );
  return [...seen.values()];
}
