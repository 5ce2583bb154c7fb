/** Variables as rows with an empty one at the end. A pasted .env becomes rows. Nothing is sent before Save. */
import { X } from "lucide-react";
import { useEffect, useState } from "react";
import { Button } from "@/components/ui/button";
import { Input } from "@/components/ui/field";
import type { AppSettings } from "@/lib/api/types";
import { useChangeSettings } from "../api/settings";
import { changes, fault, fromDotenv, merged, type Row, rowsOf } from "../model/variables";
import { Saving } from "./saving";

const EMPTY: Row = { name: "", value: "" };

export function VariableSettings({ app, settings }: { app: string; settings: AppSettings }) {
  const change = useChangeSettings(app);
  const [rows, setRows] = useState<Row[]>(() => rowsOf(settings.env));
  const wanted = changes(settings.env, rows);
  const dirty = Object.keys(wanted).length > 0 || rows.some((row) => row.name === "" && row.value !== "");
  const kept = settings.env;
  // What somebody else changed shows, unless something is being typed here.
  // biome-ignore lint/correctness/useExhaustiveDependencies: only a change of what is kept counts
  useEffect(() => {
    if (!dirty) setRows(rowsOf(kept));
  }, [kept]);
  const shown = [...rows, EMPTY];
  const faults = shown.map((row, index) =>
    fault(row, [...settings.secrets, ...shown.filter((_, at) => at < index).map((one) => one.name.trim())]),
  );
  const set = (index: number, row: Row) =>
    setRows(
      shown.map((one, at) => (at === index ? row : one)).filter((one, at) => at < rows.length || one.name || one.value),
    );
  const paste = (event: React.ClipboardEvent) => {
    const pasted = fromDotenv(event.clipboardData.getData("text"));
    if (!pasted || (pasted.length === 1 && !event.clipboardData.getData("text").includes("="))) return;
    event.preventDefault();
    setRows(merged(rows, pasted));
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        change.mutate({ env: wanted }, { onSuccess: (saved) => setRows(rowsOf(saved.env)) });
      }}
    >
      <ul className="flex flex-col gap-2" aria-label="Variables">
        {shown.map((row, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a row is its place, its name is being typed
          <li key={index}>
            <div className="grid grid-cols-[2fr_3fr_auto] gap-2">
              <Input
                aria-label={`Name of variable ${index + 1}`}
                placeholder="NAME"
                value={row.name}
                aria-invalid={faults[index] ? true : undefined}
                onChange={(event) => set(index, { ...row, name: event.target.value })}
                onPaste={paste}
                className="font-mono text-sm"
                spellCheck={false}
                autoComplete="off"
                autoCapitalize="none"
              />
              <Input
                aria-label={`Value of ${row.name || `variable ${index + 1}`}`}
                placeholder="value"
                value={row.value}
                onChange={(event) => set(index, { ...row, value: event.target.value })}
                className="font-mono text-sm"
                spellCheck={false}
                autoComplete="off"
                autoCapitalize="none"
              />
              <Button
                look="quiet"
                size="icon"
                aria-label={`Remove ${row.name || `variable ${index + 1}`}`}
                disabled={index === rows.length}
                onClick={() => setRows(rows.filter((_, at) => at !== index))}
              >
                <X aria-hidden />
              </Button>
            </div>
            {faults[index] && (
              <p role="alert" className="mt-1 text-error text-sm">
                {faults[index]}
              </p>
            )}
          </li>
        ))}
      </ul>
      <p className="mt-2 text-muted text-sm">Paste the text of a .env file into a name to have all of it.</p>
      <Saving
        dirty={dirty}
        busy={change.isPending}
        saved={change.isSuccess}
        error={change.error}
        invalid={faults.some((one) => one !== undefined)}
        onReset={() => setRows(rowsOf(settings.env))}
      />
    </form>
  );
}
