/** The three dots at the end of a row. What they open is fetched at the first press, so that ten thousand cost nothing. */
import { Ellipsis } from "lucide-react";
import { type ComponentProps, lazy, Suspense, useState } from "react";
import { buttonStyle } from "@/components/ui/button";
import type { App } from "@/lib/api/types";
import { cn } from "@/lib/cn";

export type RowVerb =
  | "open"
  | "edit"
  | "visit"
  | "wake"
  | "sleep"
  | "pause"
  | "resume"
  | "restart"
  | "rename"
  | "clone"
  | "delete";

const load = () => import("./row-popup");
const RowPopup = lazy(async () => ({ default: (await load()).RowPopup }));

export function RowMenu({ app, onVerb }: { app: App; onVerb: (verb: RowVerb) => void }) {
  const [wanted, setWanted] = useState(false);
  const label = `Actions for ${app.name}`;
  const nearby = () => void load();
  const closed = <Dots label={label} onPointerEnter={nearby} onFocus={nearby} onClick={() => setWanted(true)} />;
  if (!wanted) return closed;
  return (
    <Suspense fallback={closed}>
      <RowPopup app={app} onVerb={onVerb} trigger={<Dots label={label} />} />
    </Suspense>
  );
}

function Dots({ label, ...rest }: ComponentProps<"button"> & { label: string }) {
  return (
    <button
      type="button"
      aria-haspopup="menu"
      aria-label={label}
      className={cn(buttonStyle({ look: "quiet", size: "icon" }))}
      {...rest}
    >
      <Ellipsis aria-hidden />
    </button>
  );
}
