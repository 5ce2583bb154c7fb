/** How long an app may be idle before it sleeps; 0 means never. */
import { zodResolver } from "@hookform/resolvers/zod";
import { useQuery } from "@tanstack/react-query";
import { useForm } from "react-hook-form";
import * as z from "zod/mini";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { ErrorNotice } from "@/components/ui/notice";
import { explain } from "@/lib/api/problem";
import { settingsQuery, useChangeSettings } from "../api/settings";

z.config({ jitless: true });

const LONGEST = 7 * 24 * 60;
const shape = z.object({
  idle_minutes: z
    .number("A whole number of minutes")
    .check(z.int("A whole number of minutes"), z.minimum(0, "0 or more"), z.maximum(LONGEST, "A week at most")),
});

export function SleepSettings({ app }: { app: string }) {
  const query = useQuery(settingsQuery(app));
  if (query.isPending) return <div className="skeleton h-32 max-w-md" />;
  if (query.isError) return <ErrorNotice error={query.error} onRetry={() => void query.refetch()} />;
  return <SleepForm app={app} minutes={query.data.idle_minutes} database={query.data.database} />;
}

function SleepForm({ app, minutes, database }: { app: string; minutes: number; database: string | null }) {
  const change = useChangeSettings(app);
  const form = useForm<{ idle_minutes: number }>({ resolver: zodResolver(shape), values: { idle_minutes: minutes } });
  const submit = form.handleSubmit((values) => change.mutate(values));
  const wrong = form.formState.errors.idle_minutes?.message ?? (change.error ? explain(change.error) : undefined);
  return (
    <>
      <form onSubmit={submit} noValidate className="max-w-md">
        <Field
          label="Sleep after"
          type="number"
          inputMode="numeric"
          min={0}
          hint="Minutes without a request. 0 means never."
          error={wrong}
          className="[&_input]:tnum [&_input]:w-32"
          {...form.register("idle_minutes", { valueAsNumber: true })}
        />
        <div className="mt-2 flex items-center gap-3">
          <Button type="submit" busy={change.isPending} disabled={!form.formState.isDirty}>
            Save
          </Button>
          {change.isSuccess && !form.formState.isDirty && (
            <span role="status" className="text-muted">
              Saved
            </span>
          )}
        </div>
      </form>
      {database && (
        <p className="mt-6 text-muted">
          Database <code className="ml-1 rounded-sm bg-raised px-1.5 py-0.5 text-sm text-text">{database}</code>
        </p>
      )}
    </>
  );
}
