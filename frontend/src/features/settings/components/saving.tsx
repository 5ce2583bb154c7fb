/** Save, what became of it, and what was wrong: the same beneath every form of settings. */
import { Button } from "@/components/ui/button";
import { explain } from "@/lib/api/problem";

interface Props {
  dirty: boolean;
  busy: boolean;
  saved: boolean;
  error: unknown;
  invalid?: boolean;
  onReset: () => void;
}

export function Saving({ dirty, busy, saved, error, invalid, onReset }: Props) {
  return (
    <div className="mt-3 flex flex-wrap items-center gap-2">
      <Button type="submit" busy={busy} disabled={!dirty || invalid}>
        Save
      </Button>
      {dirty && !busy && (
        <Button look="quiet" onClick={onReset}>
          Reset
        </Button>
      )}
      {saved && !dirty && (
        <span role="status" className="text-muted">
          Saved
        </span>
      )}
      {error !== null && error !== undefined && (
        <p role="alert" className="w-full text-error">
          {explain(error)}
        </p>
      )}
    </div>
  );
}
