/** A search field with a magnifier. It keeps its own text while typing and tells the new one after a short rest. */
import { Search } from "lucide-react";
import type { ComponentProps } from "react";
import { cn } from "@/lib/cn";
import { useWords } from "@/lib/use-words";
import { Input } from "./field";

type Props = Omit<ComponentProps<"input">, "onChange" | "value"> & {
  label: string;
  value: string;
  onChange: (value: string) => void;
  keys?: string;
};

export function SearchBox({ label, value, onChange, keys, className, ref, ...rest }: Props) {
  const [text, setText] = useWords(value, onChange);
  return (
    <div className={cn("relative", className)}>
      <Search
        className="-translate-y-1/2 pointer-events-none absolute top-1/2 left-2.5 size-4 text-faint"
        aria-hidden
      />
      <Input
        ref={ref}
        type="search"
        aria-label={label}
        value={text}
        onChange={(event) => setText(event.target.value)}
        className="pl-8 [&::-webkit-search-cancel-button]:hidden"
        spellCheck={false}
        autoComplete="off"
        {...rest}
      />
      {keys && (
        <kbd className="-translate-y-1/2 absolute top-1/2 right-2.5 font-sans text-faint text-sm pointer-coarse:hidden">
          {keys}
        </kbd>
      )}
    </div>
  );
}
