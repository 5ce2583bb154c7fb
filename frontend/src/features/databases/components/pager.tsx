/** Where one is in what was found, how much there is, and the way on and back. */
import { useQuery } from "@tanstack/react-query";
import { ChevronFirst, ChevronLeft, ChevronRight } from "lucide-react";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { Select } from "@/components/ui/select";
import { plural } from "@/lib/format";
import { countQuery } from "../api/databases";
import { DEFAULT_SIZE, PAGE_SIZES } from "../search";

interface Props {
  page: number;
  size: number;
  shown: number;
  hasNext: boolean;
  /** Another page is on its way; what is shown is still the one before. */
  busy: boolean;
  /** Undefined where nobody knows the way back. */
  canGoBack: boolean;
  onPage: (page: number) => void;
  onSize: (size: number) => void;
  children: React.ReactNode;
}

const SIZES = PAGE_SIZES.map((size) => ({ value: String(size), label: `${size} a page` }));

export function Pager({ page, size, shown, hasNext, busy, canGoBack, onPage, onSize, children }: Props) {
  return (
    <div className="flex flex-wrap items-center gap-2">
      <p role="status" className="tnum mr-auto text-muted max-sm:basis-full">
        {busy
          ? `Page ${page} is on its way`
          : page === 1 && !hasNext
            ? plural(shown, "document")
            : `Page ${page}, ${plural(shown, "document")}`}
        {!busy && children}
      </p>
      <Select
        label="Page size"
        quiet
        value={String(size)}
        options={SIZES}
        onChange={(next) => onSize(Number(next) || DEFAULT_SIZE)}
      />
      <div className="flex gap-1 max-sm:ml-auto">
        {page > 2 && (
          <Button size="icon" aria-label="First page" title="First page" onClick={() => onPage(1)}>
            <ChevronFirst aria-hidden />
          </Button>
        )}
        <Button
          size="icon"
          aria-label="Previous page"
          title={canGoBack || page === 1 ? "Previous page" : "Back to the first page"}
          disabled={page === 1}
          onClick={() => onPage(canGoBack ? page - 1 : 1)}
        >
          <ChevronLeft aria-hidden />
        </Button>
        <Button
          size="icon"
          aria-label="Next page"
          title="Next page"
          disabled={!hasNext}
          onClick={() => onPage(page + 1)}
        >
          <ChevronRight aria-hidden />
        </Button>
      </div>
    </div>
  );
}

/** Below so many documents counting is quick, and done unasked. */
const QUICK = 50_000;

interface CountProps {
  database: string;
  collection: string;
  filter: string | undefined;
  estimate: number;
}

/** How many there are: an estimate of all of them; of those that match, a count where it is cheap or asked for. */
export function Count({ database, collection, filter, estimate }: CountProps) {
  const [asked, setAsked] = useState(false);
  const quick = filter !== undefined && estimate <= QUICK;
  const query = useQuery({ ...countQuery(database, collection, filter), enabled: quick || asked });
  if (query.isError) return <span>; too many to count in 3 s, about {estimate.toLocaleString("en-US")} in all</span>;
  if (query.data !== undefined)
    return (
      <span>
        ;{" "}
        {filter === undefined ? `${plural(query.data, "document")} in all` : `${plural(query.data, "match", "match")}`}
      </span>
    );
  return (
    <span>
      {filter === undefined ? "; about " : " of about "}
      {estimate.toLocaleString("en-US")}
      {filter === undefined && " in all"}{" "}
      <button
        type="button"
        onClick={() => setAsked(true)}
        className="rounded-sm underline underline-offset-2 hover:text-text pointer-coarse:min-h-11"
      >
        {query.isFetching ? "Counting" : "Count"}
      </button>
    </span>
  );
}
