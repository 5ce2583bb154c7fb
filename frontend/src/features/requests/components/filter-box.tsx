/**
 * The field of the filter's words. What the word under the caret could become is listed beneath it (arrow keys and Enter or Tab
 * choose); a wrong word is underlined where it stands, and said beneath the field.
 */
import { CircleAlert, Search } from "lucide-react";
import { useEffect, useId, useRef, useState } from "react";
import { Input } from "@/components/ui/field";
import { cn } from "@/lib/cn";
import { useWords } from "@/lib/use-words";
import { type FilterProblem, parseFilter } from "../model/filter";
import { accept, type Suggestion, suggest } from "../model/suggest";

const trimmed = (words: string) => words.trim();

interface Props {
  value: string;
  onChange: (words: string) => void;
  className?: string;
}

const EXAMPLE = "status:>=400 path:/notes*";

export function FilterBox({ value, onChange, className }: Props) {
  const [words, setWords] = useWords(value, onChange, trimmed);
  const [caret, setCaret] = useState(0);
  const [open, setOpen] = useState(false);
  const [chosen, setChosen] = useState(-1);
  const field = useRef<HTMLInputElement>(null);
  const id = useId();
  const place = suggest(words, caret);
  const options = open ? place.options : [];
  const problems = parseFilter(words).problems.filter((one) => !(open && one.from < caret && caret <= one.to));
  const take = (suggestion: Suggestion) => {
    const next = accept(words, place, suggestion);
    setWords(next.words);
    setCaret(next.caret);
    setChosen(-1);
    setOpen(suggestion.text.endsWith(":"));
    requestAnimationFrame(() => field.current?.setSelectionRange(next.caret, next.caret));
  };
  const onKeyDown = (event: React.KeyboardEvent) => {
    const moves: Record<string, number> = { ArrowDown: 1, ArrowUp: -1 };
    const move = moves[event.key];
    const option = options[chosen];
    if (move !== undefined && place.options.length > 0) {
      setOpen(true);
      setChosen((chosen + move + place.options.length + (chosen < 0 && move < 0 ? 1 : 0)) % place.options.length);
    } else if (option && (event.key === "Enter" || event.key === "Tab")) take(option);
    else if (event.key === "Enter") return setOpen(false);
    else if (event.key === "Escape" && options.length > 0) setOpen(false);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div className={cn("relative", className)}>
      <Search
        className="pointer-events-none absolute top-2 left-2.5 size-4 text-faint pointer-coarse:top-3"
        aria-hidden
      />
      <Input
        ref={field}
        role="combobox"
        aria-label="Filter requests"
        aria-expanded={options.length > 0}
        aria-controls={`${id}-list`}
        aria-autocomplete="list"
        aria-activedescendant={options[chosen] ? `${id}-${chosen}` : undefined}
        aria-invalid={problems.length > 0 || undefined}
        aria-describedby={problems.length > 0 ? `${id}-wrong` : undefined}
        value={words}
        placeholder={EXAMPLE}
        spellCheck={false}
        autoComplete="off"
        autoCapitalize="off"
        className="pl-8 font-mono"
        onChange={(event) => {
          setWords(event.target.value);
          setCaret(event.target.selectionStart ?? event.target.value.length);
          setOpen(true);
          setChosen(-1);
        }}
        onSelect={(event) => setCaret(event.currentTarget.selectionStart ?? 0)}
        onFocus={() => setOpen(true)}
        onBlur={() => setOpen(false)}
        onKeyDown={onKeyDown}
      />
      <Underline words={words} problems={problems} field={field.current} />
      <div
        id={`${id}-list`}
        role="listbox"
        aria-label="Words to filter by"
        className={cn(
          "absolute top-full right-0 left-0 z-20 mt-1.5 max-h-80 overflow-y-auto rounded-md border border-line bg-surface p-1 shadow-float",
          options.length === 0 && "hidden",
        )}
      >
        {options.map((option, index) => (
          <Option
            key={option.text}
            id={`${id}-${index}`}
            option={option}
            chosen={index === chosen}
            onTake={() => take(option)}
          />
        ))}
      </div>
      {problems.length > 0 && (
        <ul id={`${id}-wrong`} aria-live="polite" className="mt-1.5 flex flex-col gap-0.5 text-error text-sm">
          {problems.map((problem) => (
            <li key={problem.from} className="flex gap-1.5">
              <CircleAlert className="mt-0.5 size-3.5 shrink-0" aria-hidden />
              <span className="min-w-0 break-words">
                {problem.message}
                <span className="sr-only">, at character {problem.from + 1}</span>
              </span>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

interface OptionProps {
  id: string;
  option: Suggestion;
  chosen: boolean;
  onTake: () => void;
}

function Option({ id, option, chosen, onTake }: OptionProps) {
  const self = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (chosen) self.current?.scrollIntoView({ block: "nearest" });
  }, [chosen]);
  return (
    // biome-ignore lint/a11y/useFocusableInteractive: the field keeps the focus and names the active option
    // biome-ignore lint/a11y/useKeyWithClickEvents: the field's keys choose
    <div
      ref={self}
      id={id}
      role="option"
      aria-selected={chosen}
      // The field would lose its focus, and the list with it, before the click.
      onMouseDown={(event) => event.preventDefault()}
      onClick={onTake}
      className={cn(
        "flex h-8 cursor-pointer items-center gap-3 rounded-sm px-2 hover:bg-raised pointer-coarse:h-11",
        chosen && "bg-raised",
      )}
    >
      <span className="font-mono text-sm">{option.text}</span>
      <span className="ml-auto truncate text-muted text-sm">{option.about}</span>
    </div>
  );
}

/** The field's own text again, without colour, for the wavy lines under what is wrong. */
function Underline({
  words,
  problems,
  field,
}: {
  words: string;
  problems: FilterProblem[];
  field: HTMLElement | null;
}) {
  if (problems.length === 0 || (field && field.scrollLeft > 0)) return null;
  let end = 0;
  return (
    <div
      aria-hidden
      className="pointer-events-none absolute top-0 right-2.5 left-8 flex h-8 items-center overflow-hidden whitespace-pre border border-transparent font-mono text-base text-transparent [font-variant-ligatures:none] pointer-coarse:h-11 pointer-coarse:text-[16px]"
    >
      {problems.map((problem) => {
        const before = words.slice(end, problem.from);
        end = problem.to;
        return (
          <span key={problem.from}>
            {before}
            <span className="underline decoration-error decoration-wavy underline-offset-4">
              {words.slice(problem.from, problem.to)}
            </span>
          </span>
        );
      })}
    </div>
  );
}
