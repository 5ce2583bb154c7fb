/** A token's name, what it may, and how long. */
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Select } from "@/components/ui/select";
import { explain } from "@/lib/api/problem";
import { type TokenCreate, useCreateToken } from "../api/account";

const SCOPES = [
  { value: "read", label: "Read: look at apps, logs and data" },
  { value: "deploy", label: "Deploy: also change, deploy and operate apps" },
  { value: "admin", label: "All that you may" },
] as const;
const LIVES = [
  { value: "30", label: "30 days" },
  { value: "90", label: "90 days" },
  { value: "365", label: "a year" },
  { value: "", label: "for ever" },
] as const;

export function NewToken({ onMade, onCancel }: { onMade: (secret: string) => void; onCancel: () => void }) {
  const create = useCreateToken();
  const [name, setName] = useState("");
  const [scope, setScope] = useState<NonNullable<TokenCreate["scope"]>>("deploy");
  const [days, setDays] = useState<(typeof LIVES)[number]["value"]>("90");
  return (
    <form
      className="mt-3 rounded-md border border-line p-3"
      onSubmit={(event) => {
        event.preventDefault();
        create.mutate(
          { name: name.trim(), scope, expires_days: days === "" ? null : Number(days) },
          { onSuccess: (made) => onMade(made.secret) },
        );
      }}
    >
      <Field
        label="Name"
        hint="Where it is used, such as: CI of the shop"
        value={name}
        maxLength={64}
        error={create.error ? explain(create.error) : undefined}
        onChange={(event) => setName(event.target.value)}
        autoFocus
      />
      <div className="mt-1 flex flex-wrap gap-2">
        <Select label="What it may" value={scope} options={SCOPES} onChange={setScope} />
        <Select label="How long" value={days} options={LIVES} onChange={setDays} />
      </div>
      <div className="mt-3 flex gap-2">
        <Button type="submit" busy={create.isPending} disabled={!name.trim()}>
          Make the token
        </Button>
        <Button look="quiet" onClick={onCancel}>
          Cancel
        </Button>
      </div>
    </form>
  );
}
