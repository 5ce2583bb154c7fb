/** A box to tick, with its label beside it. */
import { Checkbox as Base } from "@base-ui/react/checkbox";
import { Check } from "lucide-react";
import { type ReactNode, useId } from "react";
import { cn } from "@/lib/cn";

interface Props {
  label: ReactNode;
  checked: boolean;
  onChange: (checked: boolean) => void;
  disabled?: boolean;
  className?: string;
}

export function Checkbox({ label, checked, onChange, disabled, className }: Props) {
  const id = useId();
  return (
    <span className={cn("inline-flex items-center gap-2 pointer-coarse:min-h-11", className)}>
      <Base.Root
        id={id}
        checked={checked}
        onCheckedChange={onChange}
        disabled={disabled}
        className="relative flex size-4 shrink-0 cursor-pointer items-center justify-center rounded-sm border border-line-strong bg-bg before:absolute before:-inset-3 data-[checked]:border-text data-[checked]:bg-text disabled:cursor-not-allowed disabled:opacity-55"
      >
        <Base.Indicator>
          <Check className="size-3 text-bg" strokeWidth={3} aria-hidden />
        </Base.Indicator>
      </Base.Root>
      <label htmlFor={id} className="cursor-pointer text-base">
        {label}
      </label>
    </span>
  );
}
