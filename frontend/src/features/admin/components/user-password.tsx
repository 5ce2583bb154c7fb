/** Another password for somebody who lost theirs; it ends all their log-ins. */
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { explain } from "@/lib/api/problem";
import { toast } from "@/lib/toasts";
import { type AdminUser, useChangeUser } from "../api/users";

interface Props {
  user: AdminUser;
  onClose: () => void;
}

export function PasswordDialog({ user, onClose }: Props) {
  return (
    <Dialog
      open
      onClose={onClose}
      title={`A new password for ${user.username}`}
      description="All their log-ins end. Their tokens and apps stay as they are."
    >
      <Form user={user} onClose={onClose} />
    </Dialog>
  );
}

function Form({ user, onClose }: Props) {
  const change = useChangeUser();
  const [password, setPassword] = useState("");
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        const done = () => {
          toast(`${user.username} has a new password`);
          onClose();
        };
        change.mutate({ id: user.id, password }, { onSuccess: done });
      }}
    >
      <Field
        label="New password"
        hint="8 characters or more"
        type="password"
        autoComplete="new-password"
        value={password}
        error={change.error ? explain(change.error) : undefined}
        onChange={(event) => setPassword(event.target.value)}
      />
      <div className="mt-2 flex justify-end gap-2">
        <Button onClick={onClose}>Cancel</Button>
        <Button type="submit" busy={change.isPending} disabled={password.length < 8}>
          Set the password
        </Button>
      </div>
    </form>
  );
}
