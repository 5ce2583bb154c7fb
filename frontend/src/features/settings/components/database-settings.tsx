/** Which of the owner's databases the app is bound to. A change can be undone by one press, for its data stays where it is. */
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { Input } from "@/components/ui/field";
import { Select } from "@/components/ui/select";
import { explain } from "@/lib/api/problem";
import type { App, AppSettings } from "@/lib/api/types";
import { databasesQuery, useCreateDatabase } from "@/lib/databases";
import { toast } from "@/lib/toasts";
import { useChangeSettings } from "../api/settings";

interface Props {
  app: App;
  settings: AppSettings;
  /** Whose databases can be chosen, for an administrator; the caller's own when absent. */
  owner: string | undefined;
}

export function DatabaseSettings({ app, settings, owner }: Props) {
  const databases = useQuery(databasesQuery(owner));
  const change = useChangeSettings(app.id);
  const create = useCreateDatabase();
  const [label, setLabel] = useState<string | null>(null);
  const items = databases.data ?? [];
  const bound = settings.database;
  const bind = (name: string) =>
    change.mutate(
      { database: name },
      {
        onSuccess: () =>
          bound && toast(`${app.name} is bound to ${name}`, { onUndo: () => change.mutate({ database: bound }) }),
      },
    );
  const error = databases.error ?? change.error ?? create.error;
  const options = items.map((one) => ({ value: one.name, label: one.label ? `${one.label} (${one.name})` : one.name }));
  return (
    <>
      <div className="flex flex-wrap items-center gap-2">
        {options.length > 0 ? (
          <Select
            label="Database of this app"
            value={bound ?? ""}
            options={bound ? options : [{ value: "", label: "None yet: made at the first deploy" }, ...options]}
            onChange={(name) => name && bind(name)}
            disabled={change.isPending}
            className="min-w-56 font-mono text-sm"
          />
        ) : (
          <p className="text-muted">{databases.isPending ? "" : "Your first database is made at the first deploy."}</p>
        )}
        {label === null && owner === undefined && <Button onClick={() => setLabel("")}>New database</Button>}
      </div>
      {label !== null && (
        <form
          className="mt-3 flex flex-wrap gap-2"
          onSubmit={(event) => {
            event.preventDefault();
            create.mutate(label.trim(), {
              onSuccess: (made) => {
                setLabel(null);
                bind(made.name);
              },
            });
          }}
        >
          <Input
            aria-label="What the new database is for"
            placeholder="What it is for"
            autoFocus
            value={label}
            maxLength={60}
            onChange={(event) => setLabel(event.target.value)}
            className="w-56"
          />
          <Button type="submit" busy={create.isPending}>
            Make and bind it
          </Button>
          <Button look="quiet" onClick={() => setLabel(null)}>
            Cancel
          </Button>
        </form>
      )}
      {error && (
        <p role="alert" className="mt-2 text-error">
          {explain(error)}
        </p>
      )}
    </>
  );
}
