/** On or off, at once: the label says what is on, the hint beneath it what that means. */
import { Switch as Base } from "@base-ui/react/switch";
import { type ReactNode, useId } from "react";
import { cn } from "@/lib/cn";

interface Props {
  label: string;
  hint?: ReactNode;
  checked: boolean;
  onChange: (checked: boolean) => void;
  disabled?: boolean;
  className?: string;
}

export function Switch({ label, hint, checked, onChange, disabled, className }: Props) {
  const id = useId();
  return (
    <div className={cn("flex items-start justify-between gap-4 py-1", className)}>
      <div className="min-w-0">
        <label htmlFor={id} className="block font-medium text-base">
          {label}
        </label>
        {hint && (
          <p id={`${id}-hint`} className="mt-0.5 text-muted text-sm">
            {hint}
          </p>
        )}
      </div>
      <Base.Root
        id={id}
        checked={checked}
        onCheckedChange={onChange}
        disabled={disabled}
        aria-describedby={hint ? `${id}-hint` : undefined}
        className="relative flex h-5 w-9 shrink-0 items-center cursor-pointer rounded-full border border-line-strong bg-raised transition-colors duration-120 before:absolute before:-inset-2.5 data-[checked]:border-running data-[checked]:bg-running disabled:cursor-not-allowed disabled:opacity-55"
      >
        <Base.Thumb className="block size-3.5 translate-x-0.5 rounded-full bg-muted transition-transform duration-120 data-[checked]:translate-x-[18px] data-[checked]:bg-bg" />
      </Base.Root>
    </div>
  );
}
