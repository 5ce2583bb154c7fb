/**
 * The command palette: one field, one list, no mouse needed. Arrows move, Enter runs, Escape closes. What it offers comes
 * from outside; it only finds, shows and runs.
 */
import { Dialog } from "@base-ui/react/dialog";
import { Search } from "lucide-react";
import { type KeyboardEvent, useEffect, useId, useRef, useState } from "react";
import type { Command } from "@/lib/commands";
import { PaletteList } from "./palette-list";

interface Props {
  label: string;
  placeholder: string;
  /** What fits, in its order; grouped as it comes. */
  found: readonly Command[];
  /** More may come: an empty list is not the last word. */
  busy: boolean;
  words: string;
  onWords: (words: string) => void;
  onClose: () => void;
}

export function Palette({ label, placeholder, found, busy, words, onWords, onClose }: Props) {
  const id = useId();
  const field = useRef<HTMLInputElement>(null);
  const [at, setAt] = useState(0);
  const chosen = Math.min(at, found.length - 1);
  // biome-ignore lint/correctness/useExhaustiveDependencies: other words, other list
  useEffect(() => setAt(0), [words]);
  const run = (command: Command | undefined) => {
    if (!command) return;
    onClose();
    command.run?.();
  };
  const onKey = (event: KeyboardEvent) => {
    const move = MOVES[event.key];
    if (move) setAt(move(chosen, found.length));
    else if (event.key === "Enter" && !event.nativeEvent.isComposing) run(found[chosen]);
    else return;
    event.preventDefault();
  };
  return (
    <Dialog.Root open onOpenChange={(open) => !open && onClose()}>
      <Dialog.Portal>
        <Dialog.Backdrop className="fixed inset-0 z-40 bg-[rgb(4_6_12/.55)]" />
        <Dialog.Popup
          initialFocus={field}
          aria-label={label}
          className="-translate-x-1/2 fixed top-[12vh] left-1/2 z-50 flex max-h-[70vh] w-[min(600px,calc(100vw-24px))] flex-col overflow-hidden rounded-lg border border-line-strong bg-surface shadow-float"
        >
          <div className="relative border-line border-b">
            <Search className="-translate-y-1/2 absolute top-1/2 left-4 size-4 text-faint" aria-hidden />
            <input
              ref={field}
              role="combobox"
              aria-label={label}
              aria-expanded
              aria-controls={id}
              aria-activedescendant={found.length > 0 ? `${id}-${chosen}` : undefined}
              aria-autocomplete="list"
              value={words}
              onChange={(event) => onWords(event.target.value)}
              onKeyDown={onKey}
              placeholder={placeholder}
              autoComplete="off"
              spellCheck={false}
              className="h-12 w-full bg-transparent pr-4 pl-11 text-[15px] outline-none placeholder:text-faint focus-visible:outline-none pointer-coarse:text-[16px]"
            />
          </div>
          <PaletteList id={id} found={found} chosen={chosen} busy={busy} onPoint={setAt} onRun={run} />
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

const MOVES: Record<string, (at: number, count: number) => number> = {
  ArrowDown: (at, count) => (at + 1 >= count ? 0 : at + 1),
  ArrowUp: (at, count) => (at <= 0 ? count - 1 : at - 1),
  PageDown: (at, count) => Math.min(at + 8, count - 1),
  PageUp: (at) => Math.max(at - 8, 0),
};
