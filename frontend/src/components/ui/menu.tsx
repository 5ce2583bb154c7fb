/** A menu that floats beneath its button; arrow keys move, Enter chooses, Escape closes. */
import { Menu as Base } from "@base-ui/react/menu";
import type { ComponentProps, ReactElement, ReactNode } from "react";
import { cn } from "@/lib/cn";

const itemStyle =
  "flex h-8 cursor-pointer select-none items-center gap-2 rounded-sm px-2 text-base outline-none data-[highlighted]:bg-raised pointer-coarse:h-11 [&_svg]:size-4 [&_svg]:text-muted";

interface MenuProps {
  trigger: ReactElement;
  children: ReactNode;
  align?: "start" | "end";
  openAtOnce?: boolean;
}

export function Menu({ trigger, children, align = "end", openAtOnce }: MenuProps) {
  return (
    <Base.Root defaultOpen={openAtOnce}>
      <Base.Trigger render={trigger} />
      {/* A landmark, as all that a page shows should be in one. */}
      <Base.Portal render={<section aria-label="Menu" />}>
        <Base.Positioner sideOffset={6} align={align} className="z-50">
          <Base.Popup className="min-w-44 rounded-md border border-line bg-surface p-1 shadow-float outline-none transition-opacity duration-120 data-[ending-style]:opacity-0 data-[starting-style]:opacity-0">
            {children}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}

export function MenuItem({ className, ...rest }: ComponentProps<typeof Base.Item>) {
  return <Base.Item className={cn(itemStyle, className as string)} {...rest} />;
}

interface ChoiceProps<T extends string> {
  label: string;
  value: T;
  options: readonly { value: T; label: string; icon?: ReactNode }[];
  onChange: (value: T) => void;
}

export function MenuChoice<T extends string>({ label, value, options, onChange }: ChoiceProps<T>) {
  return (
    <Base.Group>
      <Base.GroupLabel className="px-2 pt-1.5 pb-1 text-muted text-sm">{label}</Base.GroupLabel>
      <Base.RadioGroup value={value} onValueChange={(next) => onChange(next as T)}>
        {options.map((option) => (
          <Base.RadioItem key={option.value} value={option.value} className={itemStyle}>
            {option.icon}
            <span className="flex-1">{option.label}</span>
            <Base.RadioItemIndicator className="size-1.5 rounded-full bg-accent" />
          </Base.RadioItem>
        ))}
      </Base.RadioGroup>
    </Base.Group>
  );
}

interface CheckProps {
  checked: boolean;
  onChange: (checked: boolean) => void;
  children: ReactNode;
}

/** Something that is on or off. */
export function MenuCheck({ checked, onChange, children }: CheckProps) {
  return (
    <Base.CheckboxItem checked={checked} onCheckedChange={onChange} className={itemStyle}>
      {children}
      <Base.CheckboxItemIndicator className="size-1.5 rounded-full bg-accent" />
    </Base.CheckboxItem>
  );
}

export function MenuLine() {
  return <div className="my-1 h-px bg-line" />;
}
