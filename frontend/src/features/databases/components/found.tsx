/** A page of documents as trees or as a table, what stands there without any, and while they are on their way. */
import type { Json } from "@/components/json-tree";
import { EmptyNotice } from "@/components/ui/notice";
import type { JsonObject } from "../model/extended";
import { DocumentList } from "./document-list";
import { DocumentTable } from "./document-table";
import { FirstDocument } from "./first-document";

interface FoundProps {
  documents: JsonObject[];
  table: boolean;
  filtered: boolean;
  onPick: (field: string, value: Json) => void;
}

export function Found({ documents, table, filtered, onPick }: FoundProps) {
  if (documents.length === 0 && filtered)
    return (
      <div className="rounded-lg border border-line bg-surface">
        <EmptyNotice title="No document matches">
          Take something out of the filter, or click on a value to begin with it.
        </EmptyNotice>
      </div>
    );
  if (documents.length === 0) return <FirstDocument title="No documents yet" />;
  return table ? (
    <DocumentTable documents={documents} onPick={onPick} />
  ) : (
    <DocumentList documents={documents} onPick={onPick} />
  );
}

export function DocumentsSkeleton() {
  return (
    <div className="rounded-lg border border-line bg-surface">
      {["a", "b", "c", "d"].map((one) => (
        <div key={one} className="flex flex-col gap-2 border-line border-t p-3.5 first:border-t-0">
          <div className="skeleton h-3 w-1/3" />
          <div className="skeleton h-3 w-2/3" />
          <div className="skeleton h-3 w-1/2" />
        </div>
      ))}
    </div>
  );
}
