/** Rename, clone and delete: what has to ask something before it is done. A failure stays beside its field. */
import { type FormEvent, useState } from "react";
import { Button } from "@/components/ui/button";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { Dialog } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { explain } from "@/lib/api/problem";
import type { App } from "@/lib/api/types";
import { NAME_CHARS, nameProblem } from "@/lib/app-name";
import { toast } from "@/lib/toasts";
import { useCloneApp, useRenameApp } from "../api/actions";
import { useDeleteApp } from "../api/trash";

export interface Asking {
  what: "rename" | "clone" | "delete";
  app: App;
}

interface Props {
  app: App;
  onClose: () => void;
}

export function AppDialog({ asking, onClose }: { asking: Asking; onClose: () => void }) {
  if (asking.what === "rename") return <Rename app={asking.app} onClose={onClose} />;
  if (asking.what === "clone") return <Clone app={asking.app} onClose={onClose} />;
  return <Delete app={asking.app} onClose={onClose} />;
}

function Rename({ app, onClose }: Props) {
  const rename = useRenameApp(app);
  return (
    <NameDialog
      title={`Rename ${app.name}`}
      description="A new name is a new address; the old one answers no more."
      first={app.name}
      action="Rename"
      busy={rename.isPending}
      error={rename.error}
      onClose={onClose}
      onName={(name) =>
        rename.mutate(name, {
          onSuccess: () => {
            toast(`${app.name} is ${name} now`);
            onClose();
          },
        })
      }
    />
  );
}

function Clone({ app, onClose }: Props) {
  const clone = useCloneApp(app);
  return (
    <NameDialog
      title={`Clone ${app.name}`}
      description="Another app with the same files, settings and database. It runs once you deploy it."
      hint="Left empty, a free name is found"
      first={`${app.name}-copy`.slice(0, NAME_CHARS)}
      action="Clone"
      busy={clone.isPending}
      error={clone.error}
      onClose={onClose}
      onName={(name) =>
        clone.mutate(name, {
          onSuccess: (made) => {
            toast(`${made.name} is made`);
            onClose();
          },
        })
      }
    />
  );
}

function Delete({ app, onClose }: Props) {
  const remove = useDeleteApp(app);
  return (
    <ConfirmDialog
      open
      onClose={onClose}
      title={`Delete ${app.name}?`}
      description="Its address stops answering. For a day you can have it back from Recently deleted; then its code, versions, requests and logs are gone. Its database stays."
      name={app.name}
      action={`Delete ${app.name}`}
      onConfirm={() => remove.mutateAsync()}
    />
  );
}

interface NameProps {
  title: string;
  description: string;
  hint?: string;
  first: string;
  action: string;
  busy: boolean;
  error: unknown;
  onClose: () => void;
  onName: (name: string) => void;
}

function NameDialog({ title, description, hint, first, action, busy, error, onClose, onName }: NameProps) {
  const [name, setName] = useState(first);
  const wrong = nameProblem(name);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!wrong) onName(name);
  };
  return (
    <Dialog open onClose={onClose} title={title} description={description}>
      <form onSubmit={submit}>
        <Field
          label="Name"
          value={name}
          onChange={(event) => setName(event.target.value.toLowerCase())}
          onFocus={(event) => event.target.select()}
          hint={hint}
          error={wrong ?? (error ? explain(error) : undefined)}
          maxLength={NAME_CHARS}
          autoComplete="off"
          spellCheck={false}
          autoFocus
        />
        <div className="mt-2 flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" busy={busy} disabled={Boolean(wrong) || (!hint && (name === "" || name === first))}>
            {action}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
