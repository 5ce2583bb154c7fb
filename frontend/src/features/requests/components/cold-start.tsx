/** The mark of a request that had to wait for a wake, with what it cost. */
import { SunIcon } from "@/components/ui/mark";
import { duration } from "@/lib/format";

interface Props {
  ms: number | null;
  /** On a narrow screen there is room for the mark alone. */
  brief?: boolean;
}

export function ColdStart({ ms, brief }: Props) {
  if (ms === null) return null;
  return (
    <span
      className="tnum inline-flex items-center gap-1.5 whitespace-nowrap text-sm text-waking"
      title="Held while the app woke"
    >
      <SunIcon />
      <span className={brief ? "max-sm:sr-only" : undefined}>{duration(ms)}</span>
    </span>
  );
}
