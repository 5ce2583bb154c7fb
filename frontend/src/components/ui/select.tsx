/** One of a few: a button that shows the choice and opens the list of them; letters and arrow keys choose, too. */
import { Select as Base } from "@base-ui/react/select";
import { Check, ChevronDown } from "lucide-react";
import { cn } from "@/lib/cn";
import { inputStyle } from "./field";

interface Props<T extends string> {
  label: string;
  value: T;
  options: readonly { value: T; label: string }[];
  onChange: (value: T) => void;
  /** Without its own border, for a bar above a list. */
  quiet?: boolean;
  disabled?: boolean;
  className?: string;
}

export function Select<T extends string>({ label, value, options, onChange, quiet, disabled, className }: Props<T>) {
  return (
    <Base.Root
      items={options as { value: T; label: string }[]}
      value={value}
      onValueChange={(next) => next !== null && onChange(next)}
      disabled={disabled}
    >
      <Base.Trigger
        aria-label={label}
        className={cn(
          inputStyle,
          "flex w-auto min-w-0 cursor-pointer items-center justify-between gap-2",
          quiet && "border-transparent bg-transparent text-muted hover:text-text",
          className,
        )}
      >
        <Base.Value className="truncate" />
        <Base.Icon>
          <ChevronDown className="size-3.5 text-faint" aria-hidden />
        </Base.Icon>
      </Base.Trigger>
      <Base.Portal>
        <Base.Positioner sideOffset={6} alignItemWithTrigger={false} className="z-50">
          <Base.Popup className="max-h-[min(22rem,var(--available-height))] min-w-[max(var(--anchor-width),9rem)] overflow-y-auto rounded-md border border-line bg-surface p-1 shadow-float outline-none transition-opacity duration-120 data-[ending-style]:opacity-0 data-[starting-style]:opacity-0">
            <Base.List>
              {options.map((option) => (
                <Base.Item
                  key={option.value}
                  value={option.value}
                  className="flex h-8 cursor-pointer select-none items-center gap-2 rounded-sm px-2 text-base outline-none data-[highlighted]:bg-raised pointer-coarse:h-11"
                >
                  <Base.ItemText className="flex-1">{option.label}</Base.ItemText>
                  <Base.ItemIndicator>
                    <Check className="size-3.5 text-muted" aria-hidden />
                  </Base.ItemIndicator>
                </Base.Item>
              ))}
            </Base.List>
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
