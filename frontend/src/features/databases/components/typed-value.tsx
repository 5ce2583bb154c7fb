/** One value as people read it, its type beside it where it is not plain; a click asks for documents that have the same. */
import type { Json } from "@/components/json-tree";
import { cn } from "@/lib/cn";
import type { Readable } from "../model/extended";

const LOOK: Record<Readable["look"], string> = {
  number: "text-(--num)",
  literal: "text-(--num)",
  string: "text-(--str)",
  special: "text-(--fn)",
};

export type Pick = (field: string, value: Json) => void;

interface Props {
  shown: Readable;
  value: Json;
  /** Null where no filter can name the place. */
  field: string | null;
  onPick: Pick;
  /** The type is told elsewhere. */
  untyped?: boolean;
  className?: string;
}

export function TypedValue({ shown, value, field, onPick, untyped, className }: Props) {
  const text = shown.look === "string" ? JSON.stringify(shown.text) : shown.text;
  const words = (
    <>
      <span className={LOOK[shown.look]}>{text}</span>
      {shown.type && !untyped && <span className="ml-1.5 text-muted text-xs">{shown.type}</span>}
    </>
  );
  const shape = cn("whitespace-pre-wrap break-words rounded-sm text-left", className);
  if (field === null) return <span className={shape}>{words}</span>;
  return (
    <button
      type="button"
      title={untyped && shown.type ? `${shown.type}; add it to the filter` : `Add ${field} to the filter`}
      onClick={() => onPick(field, value)}
      className={cn(shape, "underline-offset-2 hover:underline")}
    >
      {words}
    </button>
  );
}
