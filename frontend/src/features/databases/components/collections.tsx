/** The collections of a database: as a list beside the one that is open, and as the table one comes to first. */
import { useState } from "react";
import { Input } from "@/components/ui/field";
import { CELL, HEAD, RecordTable } from "@/components/ui/record-table";
import type { DatabaseCollection } from "@/lib/api/types";
import { cn } from "@/lib/cn";
import { bytes } from "../model/sizes";

interface Props {
  collections: readonly DatabaseCollection[];
  chosen?: string;
  onChoose: (name: string) => void;
}

/** From so many on it is quicker to type a part of the name. */
const MANY = 12;

export function CollectionNav({ collections, chosen, onChoose }: Props) {
  const [words, setWords] = useState("");
  const shown = collections.filter(({ name }) => name.toLowerCase().includes(words.toLowerCase()));
  return (
    <nav aria-label="Collections" className="p-2.5">
      {collections.length > MANY && (
        <Input
          type="search"
          aria-label="Find a collection"
          placeholder="Find a collection"
          value={words}
          onChange={(event) => setWords(event.target.value)}
          className="mb-2 [&::-webkit-search-cancel-button]:hidden"
        />
      )}
      <ul>
        {shown.map(({ name, count }) => (
          <li key={name}>
            <button
              type="button"
              aria-current={name === chosen ? "true" : undefined}
              onClick={() => onChoose(name)}
              className={cn(
                "flex h-8 w-full items-center gap-2 rounded-md px-2.5 text-left text-muted hover:bg-raised hover:text-text pointer-coarse:h-11",
                name === chosen && "bg-raised font-medium text-text",
              )}
            >
              <span className="min-w-0 flex-1 truncate" title={name}>
                {name}
              </span>
              <span className="tnum text-muted text-sm">{count?.toLocaleString("en-US") ?? ""}</span>
            </button>
          </li>
        ))}
      </ul>
    </nav>
  );
}

export function CollectionTable({ collections, onChoose }: Props) {
  const figure = cn(CELL, "tnum text-right font-mono text-sm");
  return (
    <RecordTable
      label="Collections"
      head={
        <>
          <th className={HEAD}>Collection</th>
          <th className={cn(HEAD, "w-[104px] text-right sm:w-[130px]")}>Documents</th>
          <th className={cn(HEAD, "w-[92px] text-right sm:w-[120px]")}>Size</th>
          <th className={cn(HEAD, "w-[120px] text-right max-sm:hidden")}>On disk</th>
          <th className={cn(HEAD, "w-[100px] text-right max-sm:hidden")}>Indexes</th>
        </>
      }
    >
      {collections.map(({ name, kind, count, bytes: size, storage_bytes, indexes }) => (
        <tr key={name} className="row-enter relative border-line border-t hover:bg-raised">
          <td className={CELL}>
            <button
              type="button"
              onClick={() => onChoose(name)}
              className="flex w-full min-w-0 items-center gap-2 text-left font-medium after:absolute after:inset-0 focus-visible:outline-none focus-visible:after:outline-2 focus-visible:after:outline-focus focus-visible:after:-outline-offset-2"
            >
              <span className="truncate" title={name}>
                {name}
              </span>
              {kind !== "collection" && <span className="font-normal text-muted text-sm">{KINDS[kind]}</span>}
            </button>
          </td>
          <td className={figure}>{count?.toLocaleString("en-US") ?? "—"}</td>
          <td className={figure}>{size === null ? "—" : bytes(size)}</td>
          <td className={cn(figure, "max-sm:hidden")}>{storage_bytes === null ? "—" : bytes(storage_bytes)}</td>
          <td className={cn(figure, "max-sm:hidden")}>{indexes ?? "—"}</td>
        </tr>
      ))}
    </RecordTable>
  );
}

const KINDS = { view: "view", timeseries: "time series", collection: "" };
