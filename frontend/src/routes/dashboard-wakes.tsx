/** The Wakes tab: the list, and beside it (in its place where there is no room) the chosen wake. */
import { useEffect } from "react";
import { useWakes } from "@/features/wakes/api/wakes";
import { WakeDetail } from "@/features/wakes/components/wake-detail";
import { WakeList } from "@/features/wakes/components/wake-list";
import { cn } from "@/lib/cn";

interface Props {
  app: string;
  chosen: string | undefined;
  onChoose: (wake: string | undefined) => void;
}

export function WakesTab({ app, chosen, onChoose }: Props) {
  const wake = useWakes(app).data?.find((one) => one.id === chosen);
  const open = wake !== undefined;
  useEffect(() => {
    if (!open) return;
    const onKey = (event: KeyboardEvent) => event.key === "Escape" && !event.defaultPrevented && onChoose(undefined);
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, [open, onChoose]);
  return (
    <div className="flex h-full min-h-0">
      <div className={cn("min-h-0 min-w-0 flex-1 overflow-y-auto px-3 pt-4 pb-10 sm:px-5", open && "max-lg:hidden")}>
        <WakeList app={app} chosen={chosen} onChoose={onChoose} />
      </div>
      {wake && (
        <div className="shrink-0 overflow-y-auto border-line bg-surface max-lg:w-full lg:w-[428px] lg:border-l">
          <WakeDetail wake={wake} onClose={() => onChoose(undefined)} />
        </div>
      )}
    </div>
  );
}
