/** All accounts, newest first: whose they are, how many apps they have, and what can be done with each. */
import { Plus } from "lucide-react";
import { type RefObject, useState } from "react";
import { Button } from "@/components/ui/button";
import { EmptyNotice, ErrorNotice } from "@/components/ui/notice";
import { SearchBox } from "@/components/ui/search-box";
import { VirtualRows } from "@/components/virtual-rows";
import { explain } from "@/lib/api/problem";
import { useNow } from "@/lib/use-now";
import { type AdminUser, useChangeUser, useUsers } from "../api/users";
import { useOffset } from "../use-offset";
import { DeleteUserDialog } from "./delete-user";
import { NewUserDialog } from "./new-user";
import { StepDownDialog } from "./step-down";
import { PasswordDialog } from "./user-password";
import { USER_COLUMNS, type UserAct, UserRow } from "./user-row";

interface Props {
  me: string;
  prefix: string;
  onPrefix: (prefix: string) => void;
  scroller: RefObject<HTMLElement | null>;
}

type Asking = { what: "create" } | { what: "password" | "delete" | "step-down"; user: AdminUser };

export function Users({ me, prefix, onPrefix, scroller }: Props) {
  const query = useUsers(prefix);
  const change = useChangeUser();
  const now = useNow(30_000);
  const [asking, setAsking] = useState<Asking | null>(null);
  const users = query.data;
  const { rows, offset } = useOffset(scroller, Boolean(users?.length));
  const act = (user: AdminUser, what: UserAct) => {
    if (what === "admin" && user.username === me) setAsking({ what: "step-down", user });
    else if (what === "admin") change.mutate({ id: user.id, admin: !user.admin });
    else setAsking({ what, user });
  };
  return (
    <>
      <div className="mb-4 flex gap-2">
        <SearchBox
          label="Find users"
          placeholder="Names that begin with"
          value={prefix}
          onChange={onPrefix}
          maxLength={32}
          className="w-full max-w-[340px]"
        />
        <Button look="primary" className="ml-auto" onClick={() => setAsking({ what: "create" })}>
          <Plus aria-hidden />
          New user
        </Button>
      </div>
      {query.isPending && <div className="skeleton h-72 rounded-lg" aria-busy="true" />}
      {query.isError && !users && <ErrorNotice error={query.error} onRetry={() => void query.refetch()} />}
      {users?.length === 0 && (
        <EmptyNotice title="Nobody's name begins so">
          <Button look="quiet" onClick={() => onPrefix("")}>
            Show all users
          </Button>
        </EmptyNotice>
      )}
      {users && users.length > 0 && (
        // biome-ignore lint/a11y/useSemanticElements: a table's own elements cannot be placed freely
        <div role="table" aria-label="Users" className="overflow-clip rounded-lg border border-line bg-surface">
          <Head />
          <div ref={rows}>
            <VirtualRows
              count={users.length}
              rowHeight={56}
              scroller={scroller}
              offset={offset}
              keyOf={(index) => users[index]?.id ?? String(index)}
              onEnd={() => query.hasNextPage && !query.isFetchingNextPage && void query.fetchNextPage()}
            >
              {(index) => {
                const user = users[index];
                if (!user) return null;
                const failed = change.error && change.variables.id === user.id ? explain(change.error) : undefined;
                return <UserRow user={user} own={user.username === me} now={now} problem={failed} onAct={act} />;
              }}
            </VirtualRows>
          </div>
        </div>
      )}
      {asking?.what === "create" && <NewUserDialog onClose={() => setAsking(null)} />}
      {asking?.what === "password" && <PasswordDialog user={asking.user} onClose={() => setAsking(null)} />}
      {asking?.what === "step-down" && <StepDownDialog user={asking.user} onClose={() => setAsking(null)} />}
      {asking?.what === "delete" && <DeleteUserDialog user={asking.user} onClose={() => setAsking(null)} />}
    </>
  );
}

function Head() {
  return (
    // biome-ignore lint/a11y/useSemanticElements: as above
    <div role="rowgroup">
      {/* biome-ignore lint/a11y/useSemanticElements: as above */}
      {/* biome-ignore lint/a11y/useFocusableInteractive: nothing here can be pressed */}
      <div role="row" className={`${USER_COLUMNS} h-[34px] font-medium text-muted text-sm`}>
        <HeadCell>User</HeadCell>
        <HeadCell className="text-right">Apps</HeadCell>
        <HeadCell className="text-right max-sm:hidden">Last seen</HeadCell>
        <HeadCell className="text-right max-sm:hidden">Since</HeadCell>
        <HeadCell>
          <span className="sr-only">Actions</span>
        </HeadCell>
      </div>
    </div>
  );
}

function HeadCell({ className, children }: { className?: string; children: React.ReactNode }) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: as above
    // biome-ignore lint/a11y/useFocusableInteractive: as above
    <div role="columnheader" className={className}>
      {children}
    </div>
  );
}
