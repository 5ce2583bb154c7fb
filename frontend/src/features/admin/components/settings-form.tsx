/** All settings as one form, saved together; what waits to be saved is counted beside the button. */
import { Section } from "@/components/section";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Switch } from "@/components/ui/switch";
import { plural } from "@/lib/format";
import type { PlatformSettings } from "../api/settings";
import { NUMBERS } from "../model/settings";
import { useSettingsForm } from "../use-settings-form";
import { ImportsEditor } from "./imports-editor";
import { PatternList } from "./pattern-list";
import { TheirChanges } from "./their-changes";

const DEFAULTS = NUMBERS.slice(0, 4);
const KEPT = NUMBERS.slice(4);

export function SettingsForm({ first }: { first: PlatformSettings }) {
  const form = useSettingsForm(first);
  const { typed, set } = form;
  const problem = (name: string) =>
    form.problems[name as keyof typeof form.problems] ?? (form.refusedField === name ? form.refused : undefined);
  const numbers = (fields: readonly (typeof NUMBERS)[number][]) => (
    <div className="grid gap-x-6 gap-y-1 sm:grid-cols-2">
      {fields.map(({ name, label, hint }) => (
        <Field
          key={name}
          label={label}
          hint={hint}
          inputMode="decimal"
          autoComplete="off"
          className="tnum"
          value={typed[name]}
          error={problem(name)}
          onChange={(event) => set({ [name]: event.target.value })}
        />
      ))}
    </div>
  );
  return (
    <form
      className="mx-auto max-w-2xl"
      aria-label="Settings of the platform"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (form.changed > 0 && form.ready) form.submit();
      }}
    >
      <Section title="Sign up">
        <Switch
          label="Anybody may make an account"
          hint="When it is off, only administrators make accounts."
          checked={typed.signup_open}
          onChange={(signup_open) => set({ signup_open })}
        />
      </Section>
      <Section title="Packages" about="What apps may import beside Python's own library.">
        <ImportsEditor
          allowed={typed.allowed_imports}
          problem={problem("allowed_imports")}
          onChange={(allowed_imports) => set({ allowed_imports })}
        />
      </Section>
      <Section
        title="Blocked patterns"
        about="Code that a deploy refuses. It catches mistakes; what keeps apps apart is their limits and their network."
      >
        <PatternList
          off={typed.blocked_patterns_off}
          onChange={(blocked_patterns_off) => set({ blocked_patterns_off })}
        />
      </Section>
      <Section title="Defaults and limits">{numbers(DEFAULTS)}</Section>
      <Section title="How long records stay">{numbers(KEPT)}</Section>
      <div className="sticky -bottom-12 -mx-1 border-line border-t bg-bg px-1 py-3">
        <TheirChanges theirs={form.theirs} />
        {form.refused && !form.refusedField && (
          <p role="alert" className="mb-2 text-error">
            {form.refused}
          </p>
        )}
        <div className="flex items-center gap-2">
          <Button type="submit" look="primary" busy={form.busy} disabled={form.changed === 0 || !form.ready}>
            Save changes
          </Button>
          {form.changed > 0 && (
            <Button look="quiet" onClick={form.undo}>
              Take back
            </Button>
          )}
          <span className="tnum ml-auto text-muted">
            {form.changed > 0 ? `${plural(form.changed, "change")} not saved` : "Everything is saved"}
          </span>
        </div>
      </div>
    </form>
  );
}
