/** Who did what, when, from where and how it ended: one line an entry, more of them by scrolling, one of them whole. */
import type { RefObject } from "react";
import { Button } from "@/components/ui/button";
import { EmptyNotice, ErrorNotice } from "@/components/ui/notice";
import { VirtualRows } from "@/components/virtual-rows";
import { useNow } from "@/lib/use-now";
import { useAudit } from "../api/audit";
import type { AuditWanted } from "../model/audit";
import { useOffset } from "../use-offset";
import { AuditDetail } from "./audit-detail";
import { AuditFilters } from "./audit-filters";
import { AUDIT_COLUMNS, AuditRow } from "./audit-row";

interface Props {
  wanted: AuditWanted;
  chosen?: string;
  onWanted: (change: { [K in keyof AuditWanted]?: string }) => void;
  onClear: () => void;
  onChoose: (id: string | undefined) => void;
  scroller: RefObject<HTMLElement | null>;
}

export function AuditLog({ wanted, chosen, onWanted, onClear, onChoose, scroller }: Props) {
  const query = useAudit(wanted);
  const now = useNow(30_000);
  const entries = query.data;
  const shown = Boolean(entries?.length);
  const { rows, offset } = useOffset(scroller, shown);
  return (
    <>
      <AuditFilters wanted={wanted} onWanted={onWanted} onClear={onClear} onRefresh={() => void query.refetch()} />
      {query.isPending && <div className="skeleton h-96 rounded-lg" aria-busy="true" />}
      {query.isError && !entries && <ErrorNotice error={query.error} onRetry={() => void query.refetch()} />}
      {entries?.length === 0 && (
        <EmptyNotice title="Nothing of that kind is in the log">
          <Button look="quiet" onClick={onClear}>
            Show all of it
          </Button>
        </EmptyNotice>
      )}
      {entries && shown && (
        // biome-ignore lint/a11y/useSemanticElements: a table's own elements cannot be placed freely
        <div role="table" aria-label="Audit log" className="overflow-clip rounded-lg border border-line bg-surface">
          <Head />
          <div ref={rows}>
            <VirtualRows
              count={entries.length}
              rowHeight={36}
              scroller={scroller}
              offset={offset}
              keyOf={(index) => entries[index]?.id ?? String(index)}
              onEnd={() => query.hasNextPage && !query.isFetchingNextPage && void query.fetchNextPage()}
            >
              {(index) => {
                const entry = entries[index];
                return entry && <AuditRow entry={entry} now={now} chosen={entry.id === chosen} onChoose={onChoose} />;
              }}
            </VirtualRows>
          </div>
        </div>
      )}
      <AuditDetail entry={entries?.find((one) => one.id === chosen)} onClose={() => onChoose(undefined)} />
    </>
  );
}

const HEADS = [
  ["When", ""],
  ["Who", ""],
  ["What", ""],
  ["About", "max-md:hidden"],
  ["From", "max-lg:hidden"],
  ["Outcome", ""],
] as const;

function Head() {
  return (
    // biome-ignore lint/a11y/useSemanticElements: as above
    <div role="rowgroup">
      {/* biome-ignore lint/a11y/useSemanticElements: as above */}
      {/* biome-ignore lint/a11y/useFocusableInteractive: nothing here can be pressed */}
      <div role="row" className={`${AUDIT_COLUMNS} h-[34px] font-medium text-muted text-sm`}>
        {HEADS.map(([name, look]) => (
          // biome-ignore lint/a11y/useSemanticElements: as above
          // biome-ignore lint/a11y/useFocusableInteractive: as above
          <div key={name} role="columnheader" className={look}>
            {name}
          </div>
        ))}
      </div>
    </div>
  );
}
