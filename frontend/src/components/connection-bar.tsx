/** Says that the server cannot be reached, for as long as that is so. It lies over the page, so that nothing moves. */
import { CloudOff } from "lucide-react";
import { useConnection } from "@/lib/connection";

export function ConnectionBar() {
  const lost = useConnection((state) => state.lost);
  return (
    <div aria-live="polite" className="-translate-x-1/2 pointer-events-none fixed top-14 left-1/2 z-[70]">
      {lost && (
        <p className="row-enter flex h-8 items-center gap-2 whitespace-nowrap rounded-full border border-line-strong bg-surface px-3.5 text-base shadow-float">
          <CloudOff className="size-4 text-waking" aria-hidden />
          Connection lost, trying again
        </p>
      )}
    </div>
  );
}
