/** Memory and processors of one instance; empty means what the platform gives every app. */
import { useEffect, useState } from "react";
import { Field } from "@/components/ui/field";
import type { AppSettings } from "@/lib/api/types";
import { useChangeSettings } from "../api/settings";
import { Saving } from "./saving";

const text = (value: number | null) => (value === null ? "" : String(value));

/** Empty is null; what is no number is undefined. */
function read(value: string): number | null | undefined {
  if (value.trim() === "") return null;
  const number = Number(value.replace(",", "."));
  return Number.isFinite(number) && number > 0 ? number : undefined;
}

export function LimitSettings({ app, settings }: { app: string; settings: AppSettings }) {
  const change = useChangeSettings(app);
  const kept = { memory: text(settings.memory_mb), cpus: text(settings.cpus) };
  const [typed, setTyped] = useState(kept);
  // biome-ignore lint/correctness/useExhaustiveDependencies: only a change of what is kept counts
  useEffect(() => setTyped(kept), [kept.memory, kept.cpus]);
  const memory = read(typed.memory);
  const cpus = read(typed.cpus);
  const whole = memory === null || (memory !== undefined && Number.isInteger(memory));
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (memory !== undefined && cpus !== undefined) change.mutate({ memory_mb: memory, cpus });
      }}
    >
      <div className="flex flex-wrap gap-4">
        <Field
          label="Memory, MB"
          inputMode="numeric"
          value={typed.memory}
          placeholder={String(settings.default_memory_mb)}
          hint={`Empty: ${settings.default_memory_mb}`}
          error={whole ? undefined : "A whole number of megabytes"}
          onChange={(event) => setTyped({ ...typed, memory: event.target.value })}
          className="[&_input]:tnum w-40"
        />
        <Field
          label="Processors"
          inputMode="decimal"
          value={typed.cpus}
          placeholder={String(settings.default_cpus)}
          hint={`Empty: ${settings.default_cpus}`}
          error={cpus === undefined ? "A number, such as 0.5" : undefined}
          onChange={(event) => setTyped({ ...typed, cpus: event.target.value })}
          className="[&_input]:tnum w-40"
        />
      </div>
      <Saving
        dirty={typed.memory !== kept.memory || typed.cpus !== kept.cpus}
        busy={change.isPending}
        saved={change.isSuccess}
        error={change.error}
        invalid={!whole || cpus === undefined}
        onReset={() => setTyped(kept)}
      />
    </form>
  );
}
