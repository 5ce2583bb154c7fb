/** Search through all files, in the place of the tree: results by file and line, switches, and replacing with a way back. */
import { ALargeSmall, ArrowLeft, Regex, Replace, WholeWord } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { Button } from "@/components/ui/button";
import { Input } from "@/components/ui/field";
import { cn } from "@/lib/cn";
import { plural } from "@/lib/format";
import { useSettled } from "@/lib/use-settled";
import { takeFiles } from "../file-actions";
import type { Found, Match, Query } from "../model/search";
import { useSearch } from "../use-search";
import { SearchResults } from "./search-results";

const SWITCHES = [
  { name: "matchCase", label: "Match case", Icon: ALargeSmall },
  { name: "word", label: "Whole words", Icon: WholeWord },
  { name: "regex", label: "Regular expression", Icon: Regex },
] as const;

/** What was searched for last, while the page is open. */
let last: Query = { text: "", matchCase: false, word: false, regex: false };

/** An answer that comes within this time needs no word about being waited for. */
const SLOW_MS = 250;

interface Props {
  onClose: () => void;
  onShow: (match: Match) => void;
}

export function SearchPanel({ onClose, onShow }: Props) {
  const [query, setQuery] = useState(last);
  const [by, setBy] = useState("");
  const field = useRef<HTMLInputElement>(null);
  const { found, busy, replaced } = useSearch(query);
  const slow = useSettled(busy, SLOW_MS) && busy;
  useEffect(() => field.current?.select(), []);
  useEffect(() => {
    last = query;
  }, [query]);
  const { matches, problem } = found;
  const replace = async () => {
    const changed = await replaced(by);
    if (!changed) return;
    takeFiles(
      `Replaced ${plural(matches.length, "match", "matches")} in ${plural(Object.keys(changed).length, "file")}`,
      changed,
    );
  };
  return (
    <section
      aria-label="Search in files"
      className="flex h-full min-h-0 flex-col bg-surface"
      onKeyDown={(event) => event.key === "Escape" && onClose()}
    >
      <div className="flex h-[37px] shrink-0 items-center gap-1 pr-3.5 pl-2 pointer-coarse:h-11">
        <Button
          look="quiet"
          size="icon"
          className="size-7 pointer-coarse:size-11"
          aria-label="Back to the files"
          title="Back to the files"
          onClick={onClose}
        >
          <ArrowLeft aria-hidden />
        </Button>
        <h2 className="font-semibold text-sm">Search in files</h2>
      </div>
      <div className="flex flex-col gap-2 px-3.5 pb-3">
        <Input
          ref={field}
          type="search"
          aria-label="Search for"
          placeholder="Search for"
          value={query.text}
          onChange={(event) => setQuery({ ...query, text: event.target.value })}
          spellCheck={false}
          autoComplete="off"
          className="font-mono text-sm [&::-webkit-search-cancel-button]:hidden"
        />
        <div className="flex items-center gap-1">
          {SWITCHES.map(({ name, label, Icon }) => (
            <button
              key={name}
              type="button"
              aria-label={label}
              title={label}
              aria-pressed={query[name]}
              onClick={() => setQuery({ ...query, [name]: !query[name] })}
              className={cn(
                "grid size-7 place-items-center rounded-sm border pointer-coarse:size-11",
                query[name]
                  ? "border-line-strong bg-raised text-text"
                  : "border-transparent text-muted hover:bg-raised hover:text-text",
              )}
            >
              <Icon className="size-4" aria-hidden />
            </button>
          ))}
        </div>
        <div className="flex gap-1.5">
          <Input
            aria-label="Replace by"
            placeholder="Replace by"
            value={by}
            onChange={(event) => setBy(event.target.value)}
            spellCheck={false}
            autoComplete="off"
            className="min-w-0 flex-1 font-mono text-sm"
          />
          <Button
            size="icon"
            aria-label="Replace all"
            title="Replace all"
            disabled={matches.length === 0 || problem !== null || busy}
            onClick={() => void replace()}
          >
            <Replace aria-hidden />
          </Button>
        </div>
        <p role="status" className={cn("min-h-[17px] text-sm", problem && !slow ? "text-error" : "text-muted")}>
          {said(query.text, found, slow)} {!slow && problem}
        </p>
      </div>
      <SearchResults matches={matches} onShow={onShow} />
    </section>
  );
}

function said(text: string, found: Found, slow: boolean): string {
  const { matches, files, problem } = found;
  if (text === "") return "";
  if (slow) return "Searching…";
  if (matches.length > 0) return `${plural(matches.length, "match", "matches")} in ${plural(files, "file")}.`;
  return problem === null ? "Nothing found." : "";
}
