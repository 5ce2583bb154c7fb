/** Another password. All other log-ins of the account end with the old one. */
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { explain } from "@/lib/api/problem";
import { useChangePassword } from "../api/account";

const SHORTEST = 8;

export function Password({ username }: { username: string }) {
  const change = useChangePassword();
  const [current, setCurrent] = useState("");
  const [fresh, setFresh] = useState("");
  const short = fresh !== "" && fresh.length < SHORTEST;
  return (
    <form
      className="max-w-sm"
      onSubmit={(event) => {
        event.preventDefault();
        change.mutate(
          { current, new: fresh },
          {
            onSuccess: () => {
              setCurrent("");
              setFresh("");
            },
          },
        );
      }}
    >
      <input type="text" name="username" value={username} autoComplete="username" readOnly hidden />
      <Field
        label="Present password"
        type="password"
        autoComplete="current-password"
        value={current}
        onChange={(event) => setCurrent(event.target.value)}
      />
      <Field
        label="New password"
        type="password"
        autoComplete="new-password"
        value={fresh}
        hint="At least 8 characters. All other log-ins end."
        error={short ? "At least 8 characters" : undefined}
        onChange={(event) => setFresh(event.target.value)}
      />
      {change.error && (
        <p role="alert" className="mb-2 text-error">
          {explain(change.error)}
        </p>
      )}
      <div className="mt-2 flex items-center gap-3">
        <Button type="submit" busy={change.isPending} disabled={!current || fresh.length < SHORTEST}>
          Change the password
        </Button>
        {change.isSuccess && !fresh && (
          <span role="status" className="text-muted">
            Changed
          </span>
        )}
      </div>
    </form>
  );
}
