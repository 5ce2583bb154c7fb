/** Deletes an app once its name has been typed. */
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { explain } from "@/lib/api/problem";
import type { App } from "@/lib/api/types";
import { useDeleteApp } from "../api/apps";

export function DeleteApp({ app, onDeleted }: { app: App; onDeleted: () => void }) {
  const [open, setOpen] = useState(false);
  const [typed, setTyped] = useState("");
  const remove = useDeleteApp(app);
  const close = () => {
    setOpen(false);
    setTyped("");
  };
  return (
    <>
      <Button look="danger" onClick={() => setOpen(true)}>
        Delete this app
      </Button>
      <Dialog
        open={open}
        onClose={close}
        title={`Delete ${app.name}?`}
        description="Its address stops answering, and its code, versions, requests and logs are gone. This cannot be undone."
      >
        <form
          onSubmit={(event) => {
            event.preventDefault();
            if (typed === app.name) remove.mutate(undefined, { onSuccess: onDeleted });
          }}
        >
          <Field
            label={`Type ${app.name} to confirm`}
            value={typed}
            onChange={(event) => setTyped(event.target.value)}
            autoComplete="off"
            spellCheck={false}
            autoFocus
            error={remove.error ? explain(remove.error) : undefined}
          />
          <div className="mt-2 flex justify-end gap-2">
            <Button onClick={close}>Keep it</Button>
            <Button type="submit" look="danger" busy={remove.isPending} disabled={typed !== app.name}>
              Delete {app.name}
            </Button>
          </div>
        </form>
      </Dialog>
    </>
  );
}
