/** The account's end, with everything it owns. It asks for the name and the password, for nothing of it comes back. */
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { explain } from "@/lib/api/problem";
import { useDeleteAccount } from "../api/account";

export function DeleteAccount({ username, onDeleted }: { username: string; onDeleted: () => void }) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button look="danger" onClick={() => setOpen(true)}>
        Delete my account
      </Button>
      <Dialog
        open={open}
        onClose={() => setOpen(false)}
        title="Delete your account"
        description="All your apps, their addresses, your databases, tokens and log-ins go at once. Nothing of it can be had back."
      >
        <Form username={username} onDeleted={onDeleted} onCancel={() => setOpen(false)} />
      </Dialog>
    </>
  );
}

interface FormProps {
  username: string;
  onDeleted: () => void;
  onCancel: () => void;
}

function Form({ username, onDeleted, onCancel }: FormProps) {
  const remove = useDeleteAccount();
  const [name, setName] = useState("");
  const [password, setPassword] = useState("");
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        remove.mutate(password, { onSuccess: onDeleted });
      }}
    >
      <Field
        label={`Type ${username} to confirm`}
        value={name}
        onChange={(event) => setName(event.target.value)}
        autoComplete="off"
      />
      <Field
        label="Password"
        type="password"
        autoComplete="current-password"
        value={password}
        error={remove.error ? explain(remove.error) : undefined}
        onChange={(event) => setPassword(event.target.value)}
      />
      <div className="mt-2 flex justify-end gap-2">
        <Button onClick={onCancel}>Cancel</Button>
        <Button type="submit" look="danger" busy={remove.isPending} disabled={name !== username || !password}>
          Delete everything
        </Button>
      </div>
    </form>
  );
}
