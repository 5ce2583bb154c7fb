/**
 * Buttons and things that look like them. `primary` is the amber one, once a screen: what people came to do. All others
 * are an outline or nothing but an icon. 32 px high, 44 where touched.
 */
import { cva, type VariantProps } from "class-variance-authority";
import { LoaderCircle } from "lucide-react";
import type { ComponentProps } from "react";
import { cn } from "@/lib/cn";

export const buttonStyle = cva(
  "inline-flex shrink-0 select-none items-center justify-center gap-2 whitespace-nowrap rounded-md font-medium text-base transition-colors duration-120 aria-disabled:cursor-not-allowed disabled:cursor-not-allowed disabled:opacity-55 [&_svg]:size-4 [&_svg]:shrink-0",
  {
    variants: {
      look: {
        primary: "bg-accent text-on-accent hover:bg-accent-hover font-semibold",
        outline: "border border-line-strong bg-surface text-text hover:bg-raised",
        quiet: "text-muted hover:bg-raised hover:text-text",
        danger: "border border-error/40 bg-surface text-error hover:bg-error-bg",
      },
      size: {
        normal: "h-8 px-3 pointer-coarse:h-11",
        icon: "size-8 pointer-coarse:size-11",
        small: "h-7 px-2 text-sm pointer-coarse:h-11",
      },
    },
    defaultVariants: { look: "outline", size: "normal" },
  },
);

type Props = ComponentProps<"button"> & VariantProps<typeof buttonStyle> & { busy?: boolean };

export function Button({ className, look, size, busy, children, disabled, type, ...rest }: Props) {
  return (
    <button
      type={type ?? "button"}
      className={cn(buttonStyle({ look, size }), className)}
      disabled={disabled || busy}
      aria-busy={busy || undefined}
      {...rest}
    >
      {busy && <LoaderCircle className="animate-spin" aria-hidden />}
      {children}
    </button>
  );
}
