/** A collection's name, what is shown of it, and the ways out: back to all of them, or as a file. */
import { ArrowLeft, Braces, KeyRound, Table2 } from "lucide-react";
import type { ReactNode } from "react";
import { Button } from "@/components/ui/button";
import { cn } from "@/lib/cn";
import type { ExplorerSearch } from "../search";
import { ExportMenu } from "./export-menu";

interface Props {
  database: string;
  collection: string;
  view: ExplorerSearch["view"];
  filter: string | undefined;
  onView: (view: ExplorerSearch["view"]) => void;
  onLeave: () => void;
}

export function CollectionHead({ database, collection, view, filter, onView, onLeave }: Props) {
  return (
    <div className="mb-3 flex flex-wrap items-center gap-2">
      <Button
        look="quiet"
        size="icon"
        aria-label="All collections"
        title="All collections"
        onClick={onLeave}
        className="-ml-2"
      >
        <ArrowLeft aria-hidden />
      </Button>
      <h2 className="min-w-[64px] flex-1 truncate font-semibold text-[16px]" title={collection}>
        {collection}
      </h2>
      <fieldset className="flex rounded-md border border-line-strong bg-surface p-0.5">
        <legend className="sr-only">Shown as</legend>
        <View on={view === undefined} onClick={() => onView(undefined)} icon={<Braces aria-hidden />}>
          Tree
        </View>
        <View on={view === "table"} onClick={() => onView("table")} icon={<Table2 aria-hidden />}>
          Table
        </View>
        <View on={view === "indexes"} onClick={() => onView("indexes")} icon={<KeyRound aria-hidden />}>
          Indexes
        </View>
      </fieldset>
      <ExportMenu database={database} collection={collection} filter={filter} />
    </div>
  );
}

interface ViewProps {
  on: boolean;
  onClick: () => void;
  icon: ReactNode;
  children: string;
}

function View({ on, onClick, icon, children }: ViewProps) {
  return (
    <button
      type="button"
      aria-pressed={on}
      onClick={onClick}
      className={cn(
        "flex h-[26px] items-center gap-1.5 rounded-[6px] px-2.5 text-muted hover:text-text pointer-coarse:h-10 max-sm:px-2 [&_svg]:size-3.5 max-sm:[&_svg]:hidden",
        on && "bg-raised font-medium text-text",
      )}
    >
      {icon}
      {children}
    </button>
  );
}
