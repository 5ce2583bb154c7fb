/** What of the log is shown: who, about which app, what, how it ended, and between when. All of it is in the address. */
import { RefreshCw, X } from "lucide-react";
import { useId } from "react";
import { Button } from "@/components/ui/button";
import { Input } from "@/components/ui/field";
import { SearchBox } from "@/components/ui/search-box";
import { Select } from "@/components/ui/select";
import { type AuditWanted, fromField, OUTCOMES, operationName, operationWords, toField } from "../model/audit";

interface Props {
  wanted: AuditWanted;
  onWanted: (change: { [K in keyof AuditWanted]?: string }) => void;
  onClear: () => void;
  onRefresh: () => void;
}

const WORDS = { ok: "Ok", refused: "Refused", failed: "Failed" } as const;
const CHOICES = [
  { value: "any", label: "Any outcome" },
  ...OUTCOMES.map((value) => ({ value, label: WORDS[value] })),
] as const;

export function AuditFilters({ wanted, onWanted, onClear, onRefresh }: Props) {
  const narrowed = Object.keys(wanted).length > 0;
  return (
    <div className="mb-4 flex flex-wrap items-center gap-2 max-sm:grid max-sm:grid-cols-2">
      <SearchBox
        label="User"
        placeholder="User"
        value={wanted.user ?? ""}
        onChange={(user) => onWanted({ user: user.trim() || undefined })}
        maxLength={64}
        className="w-30 max-sm:w-full"
      />
      <SearchBox
        label="App"
        placeholder="App"
        value={wanted.app ?? ""}
        onChange={(app) => onWanted({ app: app.trim() || undefined })}
        maxLength={64}
        className="w-30 max-sm:w-full"
      />
      <SearchBox
        label="Operation"
        placeholder="Operation"
        value={wanted.operation ? operationWords(wanted.operation) : ""}
        onChange={(words) => onWanted({ operation: operationName(words) || undefined })}
        maxLength={64}
        className="w-42 max-sm:w-full"
      />
      <Select
        label="Outcome"
        value={wanted.outcome ?? "any"}
        options={CHOICES}
        onChange={(outcome) => onWanted({ outcome: outcome === "any" ? undefined : outcome })}
        className="min-w-31 max-sm:w-full"
      />
      <Moment label="From" value={wanted.since} onChange={(since) => onWanted({ since })} />
      <div className="flex items-center gap-2 max-sm:col-span-2">
        <Moment label="To" value={wanted.until} onChange={(until) => onWanted({ until })} />
        {narrowed && (
          <Button
            look="quiet"
            size="icon"
            aria-label="Take the filters off"
            title="Take the filters off"
            onClick={onClear}
          >
            <X aria-hidden />
          </Button>
        )}
        <Button look="quiet" size="icon" aria-label="Load anew" title="Load anew" onClick={onRefresh}>
          <RefreshCw aria-hidden />
        </Button>
      </div>
    </div>
  );
}

interface MomentProps {
  label: string;
  value: string | undefined;
  onChange: (iso: string | undefined) => void;
}

function Moment({ label, value, onChange }: MomentProps) {
  const id = useId();
  return (
    <div className="flex items-center gap-1.5 text-muted max-sm:col-span-2 max-sm:min-w-0 max-sm:flex-1">
      <label htmlFor={id} className="max-sm:w-10">
        {label}
      </label>
      <Input
        id={id}
        type="datetime-local"
        value={toField(value)}
        onChange={(event) => onChange(fromField(event.target.value))}
        className="w-auto min-w-0 max-sm:flex-1"
      />
    </div>
  );
}
