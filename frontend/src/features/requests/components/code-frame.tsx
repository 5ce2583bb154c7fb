/** A frame's lines as they were deployed, the failing one marked. Loaded when the first failure is opened. */

import type { TraceFrame } from "@/lib/api/types";
import { cn } from "@/lib/cn";
import { pythonLines } from "@/lib/code/highlight-python";

export default function CodeFrame({ frame }: { frame: TraceFrame }) {
  const lines = frame.around ?? [];
  const coloured = pythonLines(lines.map((line) => line.text));
  return (
    <section
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard
      tabIndex={0}
      aria-label={`${frame.file} as deployed`}
      className="overflow-x-auto border-line border-t bg-bg py-1.5"
    >
      <ol className="w-max min-w-full font-mono text-sm leading-[19px]">
        {lines.map((line, index) => (
          <li
            key={line.line}
            aria-current={line.line === frame.line ? "true" : undefined}
            className={cn("flex px-3", line.line === frame.line && "bg-error-bg/50 shadow-[inset_2px_0_var(--error)]")}
          >
            <span
              className={cn(
                "tnum mr-4 w-6 shrink-0 select-none text-right",
                line.line === frame.line ? "text-error" : "text-faint",
              )}
            >
              {line.line}
            </span>
            <code className="whitespace-pre">{coloured[index]}</code>
          </li>
        ))}
      </ol>
    </section>
  );
}
