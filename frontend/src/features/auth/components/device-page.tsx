/** Approves a log-in that was begun elsewhere: the code that the terminal shows, who asks from where, and two buttons. */
import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Sunrise } from "@/components/ui/mark";
import { explain } from "@/lib/api/problem";
import { meQuery } from "../api/auth";
import { deviceQuery, useDecision } from "../api/device";

interface Props {
  code: string;
  onCode: (code: string) => void;
}

export function DevicePage({ code, onCode }: Props) {
  return (
    <main className="flex min-h-full flex-col items-center overflow-y-auto px-4 pt-[14vh] pb-10">
      <Sunrise />
      <h1 className="mt-8 mb-6 font-semibold text-xl">Log in elsewhere</h1>
      <div className="w-full max-w-xs">
        {code ? <Request key={code} code={code} onCode={onCode} /> : <CodeForm onCode={onCode} />}
      </div>
    </main>
  );
}

function CodeForm({ onCode, problem }: { onCode: (code: string) => void; problem?: string }) {
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const given = String(new FormData(event.currentTarget).get("code") ?? "").trim();
    if (given) onCode(given);
  };
  return (
    <form onSubmit={submit} className="flex flex-col gap-1">
      <Field
        label="Code"
        name="code"
        hint="The eight letters that your terminal shows"
        autoComplete="off"
        autoCapitalize="characters"
        spellCheck={false}
        autoFocus
        error={problem}
      />
      <Button type="submit" look="primary" className="h-10">
        Continue
      </Button>
    </form>
  );
}

function Request({ code, onCode }: Props) {
  const asked = useQuery(deviceQuery(code));
  const me = useQuery(meQuery).data?.username ?? "";
  const decision = useDecision(code);
  const [approved, setApproved] = useState<boolean>();
  if (approved !== undefined) return <Decided approved={approved} />;
  if (asked.error) return <CodeForm onCode={onCode} problem={explain(asked.error)} />;
  if (!asked.data) return <p className="text-center text-muted">Looking for it…</p>;
  const decide = (approve: boolean) => decision.mutate(approve, { onSuccess: () => setApproved(approve) });
  return (
    <div className="flex flex-col gap-4">
      <p className="text-center font-mono font-semibold text-2xl tracking-widest">{asked.data.user_code}</p>
      <p className="text-balance text-center text-muted">
        <strong className="text-text">{asked.data.client || "Somebody"}</strong> at {asked.data.address} wants to log in
        as <strong className="text-text">{me}</strong>. Allow it only if you began it yourself and the code is the same.
      </p>
      {decision.error && (
        <p role="alert" className="rounded-md bg-error-bg px-3 py-2 text-error">
          {explain(decision.error)}
        </p>
      )}
      <div className="grid grid-cols-2 gap-2">
        <Button className="h-10" disabled={decision.isPending} onClick={() => decide(false)}>
          Refuse
        </Button>
        <Button look="primary" className="h-10" busy={decision.isPending} onClick={() => decide(true)}>
          Allow
        </Button>
      </div>
    </div>
  );
}

function Decided({ approved }: { approved: boolean }) {
  return (
    <p role="status" className="text-center text-muted">
      {approved ? "It is logged in. You can close this page." : "Refused. Nobody was let in."}
    </p>
  );
}
