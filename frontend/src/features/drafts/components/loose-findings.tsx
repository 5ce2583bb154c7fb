/** Findings that the open file cannot show under a line: those of other files, and those of none. */

import type { Finding } from "@/lib/api/types";
import { sentence } from "@/lib/format";

interface Props {
  active: string;
  findings: readonly Finding[];
  onShow: (finding: Finding) => void;
}

export function LooseFindings({ active, findings, onShow }: Props) {
  const loose = findings.filter((finding) => finding.file !== active || !finding.line);
  if (loose.length === 0) return null;
  return (
    <ul
      aria-label="Findings elsewhere"
      className="max-h-32 shrink-0 overflow-y-auto border-line border-t bg-surface py-1.5"
    >
      {loose.map((finding) => (
        <li
          key={`${finding.file}:${finding.line}:${finding.code}:${finding.message}`}
          className="px-4 py-1 text-error text-sm"
        >
          <p role="alert">
            {finding.hint ? sentence(finding.message) : finding.message}
            {finding.hint && <span className="text-text"> {finding.hint}</span>}
            {finding.file && finding.file !== active && (
              <button
                type="button"
                onClick={() => onShow(finding)}
                className="ml-2 font-mono underline underline-offset-4"
              >
                {finding.file}
                {finding.line ? `:${finding.line}` : ""}
              </button>
            )}
          </p>
        </li>
      ))}
    </ul>
  );
}
