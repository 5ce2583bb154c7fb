/** Why a deploy failed: each finding opens its line; a failure without one says so in the stage's own words. */

import type { Deploy, Finding } from "@/lib/api/types";
import { sentence } from "@/lib/format";

export function RailFindings({ deploy, onShow }: { deploy: Deploy; onShow: (finding: Finding) => void }) {
  const failed = deploy.stages.find((stage) => stage.status === "failed");
  if (deploy.findings.length === 0)
    return (
      <p role="alert" className="mt-1 rounded-sm bg-error-bg px-2.5 py-1.5 text-error">
        {failed?.message || "It gave no reason. The logs may hold one."}
      </p>
    );
  return (
    <ul className="mt-1 flex max-h-48 flex-col gap-1 overflow-y-auto">
      {deploy.findings.map((finding) => (
        <li
          key={`${finding.file}:${finding.line}:${finding.code}:${finding.message}`}
          className="rounded-sm bg-error-bg px-2.5 py-1.5 text-error"
        >
          <p role="alert">
            {finding.hint ? sentence(finding.message) : finding.message}
            {finding.hint && <span className="text-text"> {finding.hint}</span>}
            {finding.file && (
              <button
                type="button"
                onClick={() => onShow(finding)}
                className="ml-2 font-mono text-sm underline underline-offset-4"
              >
                {finding.file}
                {finding.line ? `:${finding.line}` : ""}
              </button>
            )}
          </p>
          {finding.traceback && (
            <details className="mt-1">
              <summary className="cursor-pointer text-sm">Traceback</summary>
              <pre className="mt-1 overflow-x-auto text-text text-xs leading-[18px]">{finding.traceback}</pre>
            </details>
          )}
        </li>
      ))}
    </ul>
  );
}
