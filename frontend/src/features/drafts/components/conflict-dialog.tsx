/**
 * The draft was changed elsewhere in the same files. Both sides are shown; for each file one is chosen. Until then neither
 * is touched, and afterwards the other side can still be had back from the header.
 */
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { cn } from "@/lib/cn";
import { merge, type Side, settle } from "../model/merge";
import { useEditorStore } from "../store";

const SIDES = [
  { side: "mine", label: "This window" },
  { side: "theirs", label: "Elsewhere" },
] as const;

export function ConflictDialog() {
  const { collision, base, files, replace } = useEditorStore();
  const [choices, setChoices] = useState<Record<string, Side>>({});
  if (!collision) return null;
  const { theirs, merged } = collision;
  const keep = () => {
    const chosen = settle(merge(base.files, files, theirs.files), files, theirs.files, choices);
    replace(chosen.files, { files: theirs.files, etag: theirs.etag }, chosen.lost);
    setChoices({});
  };
  return (
    <Dialog
      open
      sticky
      wide
      onClose={() => undefined}
      title="This draft was also changed elsewhere"
      description="Another window or the fp command saved it. Choose a side for each file; the other side stays at hand."
    >
      {merged.conflicts.map((path) => (
        <fieldset key={path} className="mb-4">
          <legend className="mb-1.5 font-medium font-mono text-sm">{path}</legend>
          <div className="grid gap-2 sm:grid-cols-2">
            {SIDES.map(({ side, label }) => (
              <Choice
                key={side}
                name={path}
                label={label}
                text={(side === "mine" ? files : theirs.files)[path]}
                chosen={(choices[path] ?? "mine") === side}
                onChoose={() => setChoices({ ...choices, [path]: side })}
              />
            ))}
          </div>
        </fieldset>
      ))}
      <div className="flex justify-end">
        <Button onClick={keep}>Keep the chosen sides</Button>
      </div>
    </Dialog>
  );
}

interface ChoiceProps {
  name: string;
  label: string;
  text: string | undefined;
  chosen: boolean;
  onChoose: () => void;
}

function Choice({ name, label, text, chosen, onChoose }: ChoiceProps) {
  return (
    <div className={cn("overflow-hidden rounded-md border", chosen ? "border-accent" : "border-line")}>
      <label className="flex h-8 cursor-pointer items-center gap-2 px-2.5 pointer-coarse:h-10">
        <input type="radio" name={name} checked={chosen} onChange={onChoose} className="accent-[var(--accent)]" />
        {label}
      </label>
      <pre
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
        tabIndex={0}
        className="h-44 overflow-auto border-line border-t bg-bg p-2.5 text-xs leading-[18px] outline-offset-[-2px]"
      >
        {text ?? "(deleted)"}
      </pre>
    </div>
  );
}
