/** The mark of a request that had to wait for a wake, with what it cost. */
import { SunIcon } from "@/components/ui/mark";
import { duration } from "@/lib/format";

export function ColdStart({ ms }: { ms: number | null }) {
  if (ms === null) return null;
  return (
    <span
      className="tnum inline-flex items-center gap-1.5 whitespace-nowrap text-sm text-waking"
      title="Held while the app woke"
    >
      <SunIcon />
      {duration(ms)}
    </span>
  );
}
