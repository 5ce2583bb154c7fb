/** What is wrong with the draft: what the check found, and what its deploy found as long as the text is still that one. */
import { useMemo } from "react";
import { useNewestDeploy } from "@/features/deploys/api/deploys";
import { deployFindings } from "@/features/deploys/model/findings";
import { useDeployStore } from "@/features/deploys/store";
import { useValidation } from "@/features/drafts/api/drafts";
import { useEditorStore } from "@/features/drafts/store";
import type { Finding } from "@/lib/api/types";

const NONE: Finding[] = [];

export function useFindings(app: string, open: boolean): readonly Finding[] {
  const etag = useEditorStore((state) => state.base.etag);
  const edited = useEditorStore((state) => state.save.phase !== "saved");
  const onScreen = useDeployStore((state) => (state.app === app ? (state.progress?.deploy ?? null) : null));
  const newest = useNewestDeploy(app);
  const validation = useValidation(open ? app : null, etag);
  const checked = validation.data?.findings ?? NONE;
  return useMemo(
    () => unique([...checked, ...deployFindings(onScreen, newest, { etag, edited })]),
    [checked, onScreen, newest, etag, edited],
  );
}

function unique(findings: readonly Finding[]): Finding[] {
  const seen = new Map(
    findings.map((finding) => [`${finding.file}:${finding.line}:${finding.code}:${finding.message}`, finding]),
  );
  return [...seen.values()];
}
