/** Deletes an app once its name has been typed; for a day it can be had back. */
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import type { App } from "@/lib/api/types";
import { useDeleteApp } from "../api/trash";

export function DeleteApp({ app, onDeleted }: { app: App; onDeleted: () => void }) {
  const [open, setOpen] = useState(false);
  const remove = useDeleteApp(app);
  return (
    <>
      <Button look="danger" onClick={() => setOpen(true)}>
        Delete this app
      </Button>
      <ConfirmDialog
        open={open}
        onClose={() => setOpen(false)}
        title={`Delete ${app.name}?`}
        description="Its address stops answering. For a day you can have it back from Recently deleted; then its code, versions, requests and logs are gone. Its database stays."
        name={app.name}
        action={`Delete ${app.name}`}
        onConfirm={async () => {
          await remove.mutateAsync();
          onDeleted();
        }}
      />
    </>
  );
}
