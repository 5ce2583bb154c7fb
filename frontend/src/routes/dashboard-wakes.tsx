/** The Wakes tab: the list, and beside it (below it where there is no room) the chosen wake. */
import { useWakes } from "@/features/wakes/api/wakes";
import { WakeDetail } from "@/features/wakes/components/wake-detail";
import { WakeList } from "@/features/wakes/components/wake-list";

interface Props {
  app: string;
  chosen: string | undefined;
  onChoose: (wake: string | undefined) => void;
}

export function WakesTab({ app, chosen, onChoose }: Props) {
  const wake = useWakes(app).data?.find((one) => one.id === chosen);
  return (
    <div className="flex h-full min-h-0 max-lg:flex-col">
      <div className="min-h-0 min-w-0 flex-1 overflow-y-auto px-3 pt-4 pb-10 sm:px-5">
        <WakeList app={app} chosen={chosen} onChoose={onChoose} />
      </div>
      {wake && (
        <div className="shrink-0 overflow-y-auto border-line bg-surface max-lg:max-h-[55%] max-lg:border-t lg:w-[428px] lg:border-l">
          <WakeDetail wake={wake} onClose={() => onChoose(undefined)} />
        </div>
      )}
    </div>
  );
}
