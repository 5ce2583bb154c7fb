/** Secrets by their names. A value is typed once and goes to the server; nothing ever brings it back. */
import { KeyRound } from "lucide-react";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { Field } from "@/components/ui/field";
import { explain } from "@/lib/api/problem";
import type { AppSettings } from "@/lib/api/types";
import { useChangeSettings } from "../api/settings";
import { fault } from "../model/variables";

export function SecretSettings({ app, settings }: { app: string; settings: AppSettings }) {
  const change = useChangeSettings(app);
  const [form, setForm] = useState<{ name: string; fresh: boolean } | null>(null);
  const [leaving, setLeaving] = useState<string | null>(null);
  return (
    <>
      {settings.secrets.length === 0 && !form && <p className="mb-3 text-muted">This app has no secret yet.</p>}
      <ul aria-label="Secrets" className="divide-y divide-line">
        {settings.secrets.map((name) => (
          <li key={name} className="flex min-h-10 items-center gap-2">
            <KeyRound className="size-4 shrink-0 text-faint" aria-hidden />
            <code className="min-w-0 flex-1 truncate text-sm">{name}</code>
            <Button size="small" onClick={() => setForm({ name, fresh: false })} aria-label={`Replace ${name}`}>
              Replace
            </Button>
            <Button size="small" look="quiet" onClick={() => setLeaving(name)} aria-label={`Remove ${name}`}>
              Remove
            </Button>
          </li>
        ))}
      </ul>
      {form ? (
        <SecretForm
          key={form.name}
          {...form}
          taken={[...Object.keys(settings.env), ...settings.secrets]}
          error={change.error}
          busy={change.isPending}
          onCancel={() => setForm(null)}
          onSave={(name, value) => change.mutate({ secrets: { [name]: value } }, { onSuccess: () => setForm(null) })}
        />
      ) : (
        <Button className="mt-3" onClick={() => setForm({ name: "", fresh: true })}>
          Add a secret
        </Button>
      )}
      <ConfirmDialog
        open={leaving !== null}
        onClose={() => setLeaving(null)}
        title={`Remove ${leaving}`}
        description="Its value cannot be had back. The version that runs keeps it until the next deploy."
        action="Remove the secret"
        onConfirm={() => change.mutateAsync({ secrets: { [leaving ?? ""]: null } })}
      />
    </>
  );
}

interface FormProps {
  name: string;
  fresh: boolean;
  taken: readonly string[];
  error: unknown;
  busy: boolean;
  onCancel: () => void;
  onSave: (name: string, value: string) => void;
}

function SecretForm({ name: first, fresh, taken, error, busy, onCancel, onSave }: FormProps) {
  const [name, setName] = useState(first);
  const [value, setValue] = useState("");
  const wrong = fresh ? fault({ name, value }, taken) : undefined;
  return (
    <form
      className="mt-3 rounded-md border border-line p-3"
      onSubmit={(event) => {
        event.preventDefault();
        onSave(name.trim(), value);
      }}
    >
      {fresh && (
        <Field
          label="Name"
          value={name}
          error={name ? wrong : undefined}
          onChange={(event) => setName(event.target.value)}
          className="[&_input]:font-mono [&_input]:text-sm"
          spellCheck={false}
          autoComplete="off"
          autoCapitalize="none"
        />
      )}
      <Field
        label={fresh ? "Value" : `New value of ${name}`}
        type="password"
        value={value}
        onChange={(event) => setValue(event.target.value)}
        className="[&_input]:font-mono [&_input]:text-sm"
        autoComplete="new-password"
      />
      {error !== null && error !== undefined && (
        <p role="alert" className="mb-2 text-error">
          {explain(error)}
        </p>
      )}
      <div className="flex gap-2">
        <Button type="submit" busy={busy} disabled={!name.trim() || value === "" || wrong !== undefined}>
          Save the secret
        </Button>
        <Button look="quiet" onClick={onCancel}>
          Cancel
        </Button>
      </div>
    </form>
  );
}
