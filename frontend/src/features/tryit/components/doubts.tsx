/** What the app would probably refuse, said before it is sent; it can be sent all the same, to see how it is refused. */
import { CircleAlert } from "lucide-react";
import type { Doubt } from "../model/openapi";

export function Doubts({ doubts }: { doubts: readonly Doubt[] }) {
  if (doubts.length === 0) return null;
  return (
    <div role="status" className="border-line border-t px-3.5 py-2 text-sm text-waking">
      <p className="flex items-center gap-1.5 font-medium">
        <CircleAlert className="size-3.5 shrink-0" aria-hidden />
        The app would refuse this
      </p>
      <ul className="mt-1 pl-5">
        {doubts.map((one) => (
          <li key={`${one.where} ${one.what}`} className="break-words">
            <span className="font-mono text-xs">{one.where}</span> {one.what}
          </li>
        ))}
      </ul>
    </div>
  );
}
