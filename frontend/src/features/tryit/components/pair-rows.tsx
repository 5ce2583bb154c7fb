/** Names and values, a row each, with an empty row at the end; what the app's OpenAPI knows is offered and explained. */
import { X } from "lucide-react";
import { useId } from "react";
import { Button } from "@/components/ui/button";
import type { Parameter } from "../model/openapi";
import type { Pair } from "../model/request";

interface Props {
  kind: "Query" | "Header";
  pairs: readonly Pair[];
  known: readonly Parameter[];
  onChange: (pairs: Pair[]) => void;
}

const cell =
  "h-8 min-w-0 bg-transparent px-3.5 font-mono text-sm outline-offset-[-2px] placeholder:text-faint pointer-coarse:h-11 pointer-coarse:text-[16px]";

export function PairRows({ kind, pairs, known, onChange }: Props) {
  const names = useId();
  const rows = [...pairs, { name: "", value: "" }];
  const missing = known.filter((one) => !pairs.some((pair) => pair.name === one.name));
  const change = (index: number, pair: Pair) =>
    onChange(rows.map((row, at) => (at === index ? pair : row)).filter((row, at) => at < pairs.length || row.name));
  return (
    <div className="bg-bg py-1">
      <datalist id={names}>
        {known.map((one) => (
          <option key={one.name} value={one.name}>
            {one.about}
          </option>
        ))}
      </datalist>
      {rows.map((row, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a row is its place, its name is being typed
        <div key={index} className="grid grid-cols-[2fr_3fr_auto] items-center">
          <input
            aria-label={`${kind} name ${index + 1}`}
            value={row.name}
            placeholder="name"
            list={names}
            spellCheck={false}
            autoComplete="off"
            autoCapitalize="none"
            onChange={(event) => change(index, { ...row, name: event.target.value })}
            className={cell}
          />
          <input
            aria-label={`${kind} value ${index + 1}`}
            value={row.value}
            placeholder={known.find((one) => one.name === row.name)?.about || "value"}
            disabled={index === pairs.length}
            spellCheck={false}
            autoComplete="off"
            autoCapitalize="none"
            onChange={(event) => change(index, { ...row, value: event.target.value })}
            className={cell}
          />
          {index < pairs.length ? (
            <Button
              look="quiet"
              size="icon"
              aria-label={`Remove ${row.name}`}
              onClick={() => onChange(pairs.filter((_, at) => at !== index))}
              className="mr-2"
            >
              <X aria-hidden />
            </Button>
          ) : (
            <span className="mr-2 size-8 pointer-coarse:size-11" />
          )}
        </div>
      ))}
      {missing.length > 0 && (
        <p className="flex flex-wrap items-center gap-1.5 px-3.5 py-1.5 text-muted text-sm">
          {missing.map((one) => (
            <button
              key={one.name}
              type="button"
              title={one.about || undefined}
              onClick={() => onChange([...pairs, { name: one.name, value: "" }])}
              className="rounded-sm border border-line-strong px-1.5 py-px font-mono text-xs hover:bg-raised hover:text-text pointer-coarse:min-h-11"
            >
              {`+ ${one.name}`}
            </button>
          ))}
        </p>
      )}
    </div>
  );
}
