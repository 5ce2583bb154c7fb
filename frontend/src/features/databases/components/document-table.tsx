/** Documents as a table: the fields of the page as columns, the id always in sight, long and nested values cut. */
import { cn } from "@/lib/cn";
import { cell, columnsOf, fieldOf, type JsonObject } from "../model/extended";
import { idOf } from "./document-list";
import { type Pick, TypedValue } from "./typed-value";

const MOST_COLUMNS = 40;
const STICKY = "sticky left-0 z-[1] bg-surface shadow-[inset_-1px_0_var(--line)]";

interface Props {
  documents: readonly JsonObject[];
  onPick: Pick;
}

export function DocumentTable({ documents, onPick }: Props) {
  const { columns, left } = columnsOf(documents, MOST_COLUMNS);
  return (
    <>
      <section
        aria-label="Documents, scrollable"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
        tabIndex={0}
        className="overflow-x-auto rounded-lg border border-line bg-surface"
      >
        <table aria-label="Documents" className="w-full border-collapse">
          <thead>
            <tr>
              {columns.map((column) => (
                <th
                  key={column}
                  className={cn(
                    "h-[34px] whitespace-nowrap px-3.5 text-left font-medium font-mono text-muted text-sm",
                    column === "_id" && STICKY,
                  )}
                >
                  {column}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {documents.map((document, index) => (
              <tr key={idOf(document) ?? index} className="border-line border-t">
                {columns.map((column) => (
                  <td
                    key={column}
                    className={cn(
                      "h-9 max-w-[300px] truncate px-3.5 font-mono text-sm max-sm:max-w-[180px]",
                      column === "_id" && STICKY,
                    )}
                  >
                    <Cell document={document} column={column} onPick={onPick} />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      {left > 0 && (
        <p className="mt-2 text-muted text-sm">
          {left.toLocaleString("en-US")} more fields: choose them with Fields, or look at the documents as trees.
        </p>
      )}
    </>
  );
}

function Cell({ document, column, onPick }: { document: JsonObject; column: string; onPick: Pick }) {
  const value = document[column];
  const shown = cell(value);
  if (!shown || value === undefined) return <span className="text-faint">–</span>;
  const nested = shown.type === "List" || shown.type === "Object";
  if (nested) return <span className="text-muted">{shown.text}</span>;
  const cut = shown.text.endsWith("…");
  const field = cut ? null : fieldOf([column]);
  return (
    <TypedValue
      shown={shown}
      value={value}
      field={field}
      untyped
      onPick={onPick}
      className="max-w-full truncate whitespace-nowrap"
    />
  );
}
