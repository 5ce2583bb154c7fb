/** How long an app may be idle before it sleeps; 0 means never. */
import { zodResolver } from "@hookform/resolvers/zod";
import { useForm } from "react-hook-form";
import * as z from "zod/mini";
import { Field } from "@/components/ui/field";
import type { AppSettings } from "@/lib/api/types";
import { useChangeSettings } from "../api/settings";
import { Saving } from "./saving";

z.config({ jitless: true });

const LONGEST = 7 * 24 * 60;
const shape = z.object({
  idle_minutes: z
    .number("A whole number of minutes")
    .check(z.int("A whole number of minutes"), z.minimum(0, "0 or more"), z.maximum(LONGEST, "A week at most")),
});

export function SleepSettings({ app, settings }: { app: string; settings: AppSettings }) {
  const change = useChangeSettings(app);
  const { idle_minutes } = settings;
  const form = useForm<{ idle_minutes: number }>({ resolver: zodResolver(shape), values: { idle_minutes } });
  return (
    <form onSubmit={form.handleSubmit((values) => change.mutate(values))} noValidate>
      <Field
        label="Sleep after"
        type="number"
        inputMode="numeric"
        min={0}
        hint="Minutes without a request. 0 means never."
        error={form.formState.errors.idle_minutes?.message}
        className="[&_input]:tnum [&_input]:w-32"
        {...form.register("idle_minutes", { valueAsNumber: true })}
      />
      <Saving
        dirty={form.formState.isDirty}
        busy={change.isPending}
        saved={change.isSuccess}
        error={change.error}
        onReset={() => form.reset()}
      />
    </form>
  );
}
