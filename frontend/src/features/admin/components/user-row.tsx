/** One account in a row, with its menu. What was refused is told in the row, beside what it is about. */
import { Ellipsis, KeyRound, ShieldCheck, ShieldOff, Trash2 } from "lucide-react";
import type { ReactNode } from "react";
import { Button } from "@/components/ui/button";
import { Menu, MenuItem, MenuLine } from "@/components/ui/menu";
import { cn } from "@/lib/cn";
import { ago, utc } from "@/lib/format";
import type { AdminUser } from "../api/users";

export const USER_COLUMNS =
  "grid w-full items-center gap-x-4 px-3.5 grid-cols-[minmax(0,1fr)_48px_40px] sm:grid-cols-[minmax(0,1fr)_64px_112px_112px_40px]";

export type UserAct = "admin" | "password" | "delete";

interface Props {
  user: AdminUser;
  /** The caller's own account, whose password and end are on the account's page. */
  own: boolean;
  now: number;
  problem?: string;
  onAct: (user: AdminUser, act: UserAct) => void;
}

export function UserRow({ user, own, now, problem, onAct }: Props) {
  return (
    <div className={USER_COLUMNS}>
      <Cell>
        <p className="flex items-center gap-2">
          <span className="truncate font-semibold text-lg" title={user.username}>
            {user.username}
          </span>
          {user.admin && (
            <span className="shrink-0 rounded-full border border-line-strong px-2 text-muted text-sm">
              Administrator
            </span>
          )}
          {own && <span className="shrink-0 text-muted text-sm">you</span>}
        </p>
        {problem && (
          <p role="alert" className="truncate text-error text-sm" title={problem}>
            {problem}
          </p>
        )}
      </Cell>
      <Cell className="tnum text-right">{user.apps.toLocaleString("en-US")}</Cell>
      <Cell className="tnum text-right text-muted max-sm:hidden">
        {user.last_seen_at ? <Time at={user.last_seen_at} now={now} /> : "never"}
      </Cell>
      <Cell className="tnum text-right text-muted max-sm:hidden">
        <Time at={user.created_at} now={now} />
      </Cell>
      <Cell>
        <Menu
          trigger={
            <Button look="quiet" size="icon" aria-label={`Actions for ${user.username}`}>
              <Ellipsis aria-hidden />
            </Button>
          }
        >
          <MenuItem onClick={() => onAct(user, "admin")}>
            {user.admin ? <ShieldOff aria-hidden /> : <ShieldCheck aria-hidden />}
            {user.admin ? "Make an ordinary user" : "Make an administrator"}
          </MenuItem>
          {!own && (
            <MenuItem onClick={() => onAct(user, "password")}>
              <KeyRound aria-hidden />
              Set a password
            </MenuItem>
          )}
          {!own && <MenuLine />}
          {!own && (
            <MenuItem onClick={() => onAct(user, "delete")} className="text-error">
              <Trash2 aria-hidden />
              Delete
            </MenuItem>
          )}
        </Menu>
      </Cell>
    </div>
  );
}

function Time({ at, now }: { at: string; now: number }) {
  return (
    <time dateTime={at} title={utc(at)}>
      {ago(at, now)}
    </time>
  );
}

function Cell({ className, children }: { className?: string; children: ReactNode }) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a table's own elements cannot be placed freely
    <div role="cell" className={cn("min-w-0", className)}>
      {children}
    </div>
  );
}
