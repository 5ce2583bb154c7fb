/** Filter, projection and sort of a collection. They are checked before they are sent; Find makes them the address. */
import { History, Search, SlidersHorizontal } from "lucide-react";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { Menu, MenuItem } from "@/components/ui/menu";
import { cn } from "@/lib/cn";
import { type PastQuery, pastQueries } from "../model/past";
import { complaint, type Mistake, readQuery } from "../model/query-text";
import { JsonInput } from "./json-input";

interface Props {
  database: string;
  collection: string;
  /** What the inputs hold; a value that is picked changes it, too. */
  text: PastQuery;
  fields: readonly string[];
  busy: boolean;
  /** What the server said against the query that was sent last, and that query. */
  refusal: { detail: string; query: PastQuery } | null;
  onText: (text: PastQuery) => void;
  onFind: (query: PastQuery) => void;
}

const PARTS = ["filter", "projection", "sort"] as const;
const LABELS = { filter: "Filter", projection: "Fields", sort: "Sort" };
const HINTS = { filter: '{"city": "Rome"}', projection: '{"title": 1}', sort: '{"_id": -1}' };

export function QueryBar({ database, collection, text, fields, busy, refusal, onText, onFind }: Props) {
  const [more, setMore] = useState(text.projection !== "" || text.sort !== "");
  const [tried, setTried] = useState(() => key(text));
  const mistakes = PARTS.map((part) => mistakeOf(part, text[part], tried === key(text), refusal));
  const find = (query: PastQuery) => {
    setTried(key(query));
    if (PARTS.every((part) => !readQuery(query[part], part).mistake)) onFind(query);
  };
  return (
    <form
      aria-label="Query"
      onSubmit={(event) => {
        event.preventDefault();
        find(text);
      }}
      className="flex flex-col gap-2"
    >
      <div className="flex flex-wrap items-start gap-2">
        {PARTS.map((part, index) => (
          <JsonInput
            key={part}
            label={LABELS[part]}
            hint={HINTS[part]}
            value={text[part]}
            fields={fields}
            mistake={mistakes[index] ?? null}
            onChange={(next) => onText({ ...text, [part]: next })}
            onEnter={() => find(text)}
            className={
              part === "filter"
                ? "min-w-[240px] flex-1"
                : cn("order-1 basis-full", !more && !mistakes[index] && "hidden")
            }
          />
        ))}
        <div className="flex gap-2 max-sm:ml-[48px]">
          <Button type="submit" look="primary" busy={busy}>
            {!busy && <Search aria-hidden />}
            Find
          </Button>
          <Button
            size="icon"
            aria-pressed={more}
            aria-label="Fields and sort"
            title="Fields and sort"
            onClick={() => setMore(!more)}
          >
            <SlidersHorizontal aria-hidden />
          </Button>
          <Past
            past={pastQueries(database, collection)}
            onChoose={(query) => {
              onText(query);
              setMore(query.projection !== "" || query.sort !== "");
              find(query);
            }}
          />
        </div>
      </div>
    </form>
  );
}

const key = (query: PastQuery) => PARTS.map((part) => query[part]).join("\n");

/** One's own mistake once it was to be sent; then what the server said, until the text is another one. */
function mistakeOf(
  part: (typeof PARTS)[number],
  text: string,
  tried: boolean,
  refusal: Props["refusal"],
): Mistake | null {
  const own = tried ? readQuery(text, part).mistake : undefined;
  if (own) return own;
  return refusal && refusal.query[part] === text ? complaint(refusal.detail, part, text) : null;
}

function Past({ past, onChoose }: { past: readonly PastQuery[]; onChoose: (query: PastQuery) => void }) {
  const trigger = (
    <Button size="icon" aria-label="Last queries" title="Last queries" disabled={past.length === 0}>
      <History aria-hidden />
    </Button>
  );
  return (
    <Menu trigger={trigger}>
      {past.map((query) => (
        <MenuItem key={key(query)} onClick={() => onChoose(query)}>
          <span className="max-w-[min(420px,80vw)] truncate font-mono text-sm">
            {query.filter || "{}"}
            {query.sort && <span className="text-muted"> sort {query.sort}</span>}
            {query.projection && <span className="text-muted"> fields {query.projection}</span>}
          </span>
        </MenuItem>
      ))}
    </Menu>
  );
}
