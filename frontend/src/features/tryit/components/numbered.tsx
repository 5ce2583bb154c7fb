/** Text with line numbers that are not part of it: copying takes the text alone. */
import type { ReactNode } from "react";

const MOST_NUMBERS = 5_000;

export function Numbered({ lines, children }: { lines: number; children: ReactNode }) {
  const numbers = Array.from({ length: Math.min(lines, MOST_NUMBERS) }, (_, index) => index + 1).join("\n");
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for a form
    <div
      role="group"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
      tabIndex={0}
      aria-label="Text of the body"
      className="flex max-h-[420px] overflow-auto bg-bg py-2.5 text-sm leading-5 outline-offset-[-2px]"
    >
      <pre aria-hidden className="sticky left-0 select-none bg-bg pr-2.5 pl-3.5 text-right text-faint">
        {numbers}
      </pre>
      <pre className="pr-3.5">{children}</pre>
    </div>
  );
}
