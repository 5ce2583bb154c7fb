/** Makes an account, also while sign up is closed. The name and first password are handed over by whoever makes it. */
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { Checkbox } from "@/components/ui/checkbox";
import { Dialog } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { ApiError, explain } from "@/lib/api/problem";
import { toast } from "@/lib/toasts";
import { useCreateUser } from "../api/users";

export function NewUserDialog({ onClose }: { onClose: () => void }) {
  return (
    <Dialog
      open
      onClose={onClose}
      title="New user"
      description="Tell them the name and the password; they change it in their account."
    >
      <Form onClose={onClose} />
    </Dialog>
  );
}

function Form({ onClose }: { onClose: () => void }) {
  const create = useCreateUser();
  const [username, setUsername] = useState("");
  const [password, setPassword] = useState("");
  const [admin, setAdmin] = useState(false);
  const told = create.error ? explain(create.error) : undefined;
  const aboutPassword = create.error instanceof ApiError && /password/i.test(create.error.message);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        const done = () => {
          toast(`${username} has an account now`);
          onClose();
        };
        create.mutate({ username, password, admin }, { onSuccess: done });
      }}
    >
      <Field
        label="Username"
        hint="Lower-case letters, digits, - and _"
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        value={username}
        error={aboutPassword ? undefined : told}
        onChange={(event) => setUsername(event.target.value)}
      />
      <Field
        label="First password"
        hint="8 characters or more"
        type="password"
        autoComplete="new-password"
        value={password}
        error={aboutPassword ? told : undefined}
        onChange={(event) => setPassword(event.target.value)}
        className="mt-1"
      />
      <Checkbox label="Administrator" checked={admin} onChange={setAdmin} className="mt-1" />
      <div className="mt-3 flex justify-end gap-2">
        <Button onClick={onClose}>Cancel</Button>
        <Button type="submit" busy={create.isPending} disabled={!username || password.length < 8}>
          Create the user
        </Button>
      </div>
    </form>
  );
}
