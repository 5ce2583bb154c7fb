/** Tabs with an amber line under the chosen one. Panels that must keep their state stay mounted (`keep`). */
import { Tabs as Base } from "@base-ui/react/tabs";
import type { ReactNode } from "react";
import { cn } from "@/lib/cn";

interface TabsProps<T extends string> {
  value: T;
  onChange: (value: T) => void;
  children: ReactNode;
  className?: string;
}

export function Tabs<T extends string>({ value, onChange, children, className }: TabsProps<T>) {
  return (
    <Base.Root value={value} onValueChange={(next) => onChange(next as T)} className={className}>
      {children}
    </Base.Root>
  );
}

export function TabList({ label, children, className }: { label: string; children: ReactNode; className?: string }) {
  return (
    <Base.List aria-label={label} className={cn("flex border-line border-b", className)}>
      {children}
    </Base.List>
  );
}

export function Tab({ value, children, className }: { value: string; children: ReactNode; className?: string }) {
  return (
    <Base.Tab
      value={value}
      className={cn(
        "relative flex h-full items-center gap-1.5 px-2.5 text-muted after:absolute after:inset-x-0 after:bottom-0 after:h-0.5 hover:text-text focus-visible:outline-offset-[-2px] data-[active]:font-semibold data-[active]:text-text data-[active]:after:bg-accent",
        className,
      )}
    >
      {typeof children === "string" ? (
        <span className="bold-room" data-text={children}>
          {children}
        </span>
      ) : (
        children
      )}
    </Base.Tab>
  );
}

export function TabPanel({ value, children, className }: { value: string; children: ReactNode; className?: string }) {
  return (
    <Base.Panel value={value} className={cn("outline-offset-[-2px]", className)}>
      {children}
    </Base.Panel>
  );
}
