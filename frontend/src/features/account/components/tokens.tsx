/** Named tokens for programs: what each may, when it was used, and its end. A new one's secret is shown this once. */
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { CopyButton } from "@/components/ui/copy-button";
import { ErrorNotice } from "@/components/ui/notice";
import { ago, utc } from "@/lib/format";
import { useNow } from "@/lib/use-now";
import { type Token, tokensQuery, useRevokeToken } from "../api/account";
import { NewToken } from "./new-token";

const SCOPE: Record<Token["scope"], string> = {
  read: "may look",
  deploy: "may deploy and operate",
  admin: "may all that you may",
};

const day = (time: string) =>
  new Date(time).toLocaleDateString("en-US", { year: "numeric", month: "short", day: "numeric" });

export function Tokens() {
  const query = useQuery(tokensQuery);
  const revoke = useRevokeToken();
  const [leaving, setLeaving] = useState<Token | null>(null);
  const [making, setMaking] = useState(false);
  const [secret, setSecret] = useState<string | null>(null);
  const now = useNow(30_000);
  return (
    <>
      {secret && (
        <div role="status" className="mb-4 rounded-md border border-line-strong bg-raised p-3">
          <p>Copy the token now. It is not shown again.</p>
          <div className="mt-2 flex items-center gap-2">
            <code className="min-w-0 flex-1 break-all rounded-sm bg-bg px-2 py-1 text-sm">{secret}</code>
            <CopyButton text={secret} label="Copy the token" />
            <Button size="small" look="quiet" onClick={() => setSecret(null)}>
              Done
            </Button>
          </div>
        </div>
      )}
      {query.isPending && <div className="skeleton h-24" aria-busy="true" />}
      {query.isError && <ErrorNotice error={query.error} onRetry={() => void query.refetch()} />}
      {query.data?.length === 0 && !making && (
        <p className="text-muted">No token yet. fp login makes its own log-in; a token is for scripts and CI.</p>
      )}
      <ul
        aria-label="Tokens"
        className="divide-y divide-line rounded-lg border border-line bg-surface px-3.5 empty:hidden"
      >
        {query.data?.map((token) => (
          <li key={token.id} className="flex min-h-14 items-center gap-3 py-1.5">
            <div className="min-w-0 flex-1">
              <p className="truncate font-medium">{token.name}</p>
              <p className="text-muted text-sm">
                {SCOPE[token.scope]}
                {token.expires_at && <span title={utc(token.expires_at)}>{`, until ${day(token.expires_at)}`}</span>}
                {token.last_used_at ? (
                  <span title={utc(token.last_used_at)}>
                    {`, used ${ago(token.last_used_at, now)} from ${token.last_used_from}`}
                  </span>
                ) : (
                  ", never used"
                )}
              </p>
            </div>
            <Button size="small" onClick={() => setLeaving(token)} aria-label={`Revoke ${token.name}`}>
              Revoke
            </Button>
          </li>
        ))}
      </ul>
      {making ? (
        <NewToken
          onCancel={() => setMaking(false)}
          onMade={(made) => {
            setSecret(made);
            setMaking(false);
          }}
        />
      ) : (
        <Button className="mt-3" onClick={() => setMaking(true)}>
          New token
        </Button>
      )}
      <ConfirmDialog
        open={leaving !== null}
        onClose={() => setLeaving(null)}
        title={`Revoke ${leaving?.name}`}
        description="What uses it is refused from then on."
        action="Revoke the token"
        onConfirm={() => revoke.mutateAsync(leaving?.id ?? "")}
      />
    </>
  );
}
