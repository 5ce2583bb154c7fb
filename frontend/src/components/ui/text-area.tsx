/** A field of more than one line: label above, hint or what is wrong beneath. */
import { type ComponentProps, useId } from "react";
import { cn } from "@/lib/cn";
import { inputStyle } from "./field";

type Props = ComponentProps<"textarea"> & { label: string; hint?: string; error?: string; mono?: boolean };

export function TextArea({ label, hint, error, mono, className, ...rest }: Props) {
  const id = useId();
  const note = error ?? hint;
  return (
    <div className={className}>
      <label htmlFor={id} className="mb-1.5 block font-medium text-base">
        {label}
      </label>
      <textarea
        id={id}
        rows={4}
        aria-invalid={error ? true : undefined}
        aria-describedby={note ? `${id}-note` : undefined}
        className={cn(inputStyle, "h-auto pointer-coarse:h-auto resize-y py-1.5", mono && "font-mono text-sm")}
        {...rest}
      />
      <p
        id={`${id}-note`}
        role={error ? "alert" : undefined}
        className={cn("mt-1 min-h-[17px] text-sm", error ? "text-error" : "text-muted")}
      >
        {note}
      </p>
    </div>
  );
}
