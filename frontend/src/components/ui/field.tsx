/** A form field: its label, its input, and beneath it a hint or, in its place, what is wrong. */
import { type ComponentProps, useId } from "react";
import { cn } from "@/lib/cn";

export const inputStyle =
  "h-8 w-full rounded-md border border-line-strong bg-bg px-2.5 text-base text-text placeholder:text-faint focus-visible:outline-offset-0 aria-invalid:border-error pointer-coarse:h-11 pointer-coarse:text-[16px]";

export function Input({ className, ...rest }: ComponentProps<"input">) {
  return <input className={cn(inputStyle, className)} {...rest} />;
}

type FieldProps = ComponentProps<"input"> & { label: string; hint?: string; error?: string };

export function Field({ label, hint, error, className, ...rest }: FieldProps) {
  const id = useId();
  const note = error ?? hint;
  return (
    <div className={className}>
      <label htmlFor={id} className="mb-1.5 block font-medium text-base">
        {label}
      </label>
      <Input
        id={id}
        aria-invalid={error ? true : undefined}
        aria-describedby={note ? `${id}-note` : undefined}
        {...rest}
      />
      <p
        id={`${id}-note`}
        role={error ? "alert" : undefined}
        className={cn("mt-1 mb-1.5 min-h-[17px] text-sm", error ? "text-error" : "text-muted")}
      >
        {note}
      </p>
    </div>
  );
}
