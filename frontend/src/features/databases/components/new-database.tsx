/** Makes another database; an app uses it once it is bound to it in the app's settings. */
import { Plus } from "lucide-react";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { explain } from "@/lib/api/problem";
import { useCreateDatabase } from "@/lib/databases";
import { toast } from "@/lib/toasts";

const MOST_CHARS = 60;

export function NewDatabase() {
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button look="primary" onClick={() => setOpen(true)}>
        <Plus aria-hidden />
        New database
      </Button>
      <Dialog
        open={open}
        onClose={() => setOpen(false)}
        title="New database"
        description="An app uses it once you choose it in the app's settings."
      >
        <Form onDone={() => setOpen(false)} />
      </Dialog>
    </>
  );
}

function Form({ onDone }: { onDone: () => void }) {
  const [label, setLabel] = useState("");
  const create = useCreateDatabase();
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        create.mutate(label, {
          onSuccess: (made) => {
            toast(`${made.name} is made`);
            onDone();
          },
        });
      }}
    >
      <Field
        label="Label"
        hint="For yourself; its name is made for you."
        error={create.isError ? explain(create.error) : undefined}
        value={label}
        maxLength={MOST_CHARS}
        onChange={(event) => setLabel(event.target.value)}
        autoComplete="off"
      />
      <div className="mt-2 flex justify-end gap-2">
        <Button onClick={onDone}>Cancel</Button>
        <Button type="submit" look="primary" busy={create.isPending}>
          Make it
        </Button>
      </div>
    </form>
  );
}
