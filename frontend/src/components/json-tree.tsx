/**
 * JSON as a tree: objects and lists open and close, long texts are cut until asked for, and every key and value can be
 * selected and copied. Only what is open is drawn, so that a megabyte costs what is seen of it.
 */
import { ChevronRight } from "lucide-react";
import { type ReactNode, useState } from "react";
import { cn } from "@/lib/cn";

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** Keys of objects and indexes of lists, from the outside in. */
export type JsonPath = readonly (string | number)[];

/** Draws a value itself, or says null for one that the tree is to draw. */
export type DrawLeaf = (value: Json, path: JsonPath) => ReactNode;

interface Props {
  value: Json;
  /** How many levels are open at first. */
  depth?: number;
  leaf?: DrawLeaf;
  className?: string;
}

const TOP: JsonPath = [];

const MANY = 100;
const LONG = 300;
/** A text of megabytes is opened a part at a time: a browser needs seconds to break it into lines. */
const MORE_CHARS = 20_000;

export function JsonTree({ value, depth = 2, leaf, className }: Props) {
  return (
    <div className={cn("overflow-x-auto font-mono text-sm leading-6", className)}>
      <Node value={value} depth={depth} path={TOP} leaf={leaf} />
    </div>
  );
}

interface NodeProps {
  name?: string;
  value: Json;
  depth: number;
  path: JsonPath;
  leaf?: DrawLeaf;
}

function Node({ value, ...rest }: NodeProps) {
  const drawn = rest.leaf?.(value, rest.path) ?? null;
  if (drawn === null && value !== null && typeof value === "object") return <Branch value={value} {...rest} />;
  return (
    <div className="pl-4">
      <Name name={rest.name} />
      {drawn ?? <Leaf value={value as Exclude<Json, object>} />}
    </div>
  );
}

function Branch({ name, value, depth, path, leaf }: NodeProps & { value: Json[] | { [key: string]: Json } }) {
  const [open, setOpen] = useState(depth > 0);
  const [shown, setShown] = useState(MANY);
  const entries: [string, Json][] = Array.isArray(value)
    ? value.map((one, index) => [String(index), one])
    : Object.entries(value);
  const [left, right] = Array.isArray(value) ? "[]" : "{}";
  if (entries.length === 0)
    return (
      <div className="pl-4">
        <Name name={name} />
        <span className="text-muted">{`${left}${right}`}</span>
      </div>
    );
  return (
    <div>
      <button
        type="button"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
        className="flex min-h-6 w-fit items-center rounded-sm text-left hover:bg-raised pointer-coarse:min-h-11"
      >
        <ChevronRight className={cn("size-4 shrink-0 text-faint", open && "rotate-90")} aria-hidden />
        <Name name={name} />
        <span className="text-muted">
          {left}
          {!open && ` ${entries.length.toLocaleString("en-US")} `}
          {!open && right}
        </span>
      </button>
      {open && (
        <div className="ml-2 border-line border-l pl-2">
          {entries.slice(0, shown).map(([key, one]) => (
            <Node
              key={key}
              name={key}
              value={one}
              depth={depth - 1}
              path={leaf ? [...path, Array.isArray(value) ? Number(key) : key] : path}
              leaf={leaf}
            />
          ))}
          {entries.length > shown && (
            <button
              type="button"
              onClick={() => setShown(shown + MANY * 10)}
              className="ml-4 rounded-sm text-muted underline underline-offset-2 hover:text-text"
            >
              {`${(entries.length - shown).toLocaleString("en-US")} more`}
            </button>
          )}
        </div>
      )}
      {open && <div className="pl-4 text-muted">{right}</div>}
    </div>
  );
}

function Name({ name }: { name?: string }) {
  if (name === undefined) return null;
  return (
    <>
      <span className="text-(--fn)">{name}</span>
      <span className="whitespace-pre text-muted">: </span>
    </>
  );
}

function Leaf({ value }: { value: null | boolean | number | string }) {
  const [shown, setShown] = useState(LONG);
  if (typeof value !== "string") return <span className="text-(--num)">{String(value)}</span>;
  const left = value.length - shown;
  return (
    <span className="whitespace-pre-wrap break-words text-(--str)">
      {JSON.stringify(left > 0 ? value.slice(0, shown) : value)}
      {left > 0 && (
        <button
          type="button"
          onClick={() => setShown(shown + MORE_CHARS)}
          className="ml-1 rounded-sm text-muted underline underline-offset-2"
        >
          {`${left.toLocaleString("en-US")} more`}
        </button>
      )}
    </span>
  );
}
