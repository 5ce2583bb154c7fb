/** Whether what is shown follows what happens: live, behind because somebody reads, or trying to reach the server again. */
import { ArrowDown, ArrowUp } from "lucide-react";
import { cn } from "@/lib/cn";
import { Button } from "./ui/button";

interface Props {
  state: "live" | "connecting" | "broken" | "past";
  /** New ones that are not shown yet, in words: `12 new`. */
  waiting?: string;
  /** Where they come in. */
  side: "above" | "below";
  onShow: () => void;
}

const WORDS = { live: "Live", connecting: "Connecting", broken: "Trying again", past: "Not live" };
const COLOUR = { live: "text-running", connecting: "text-muted", broken: "text-error", past: "text-muted" };

export function LiveMark({ state, waiting, side, onShow }: Props) {
  if (waiting)
    return (
      <Button className="tnum" onClick={onShow}>
        {side === "above" ? <ArrowUp aria-hidden /> : <ArrowDown aria-hidden />}
        {waiting}
      </Button>
    );
  return (
    <span
      role="status"
      className={cn("flex h-8 items-center pointer-coarse:h-11 gap-2 whitespace-nowrap font-medium", COLOUR[state])}
    >
      <span className={cn("size-1.5 rounded-full bg-current", state === "connecting" && "animate-pulse")} aria-hidden />
      {WORDS[state]}
    </span>
  );
}
