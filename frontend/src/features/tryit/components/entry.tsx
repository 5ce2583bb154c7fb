/** One request in a list beneath the form: a press puts it there; what else can be done with it is at its right. */
import type { ReactNode } from "react";
import { cn } from "@/lib/cn";

interface Props {
  chosen?: boolean;
  title?: string;
  onPick: () => void;
  action?: ReactNode;
  children: ReactNode;
}

export function Entry({ chosen, title, onPick, action, children }: Props) {
  return (
    <li className={cn("group flex items-center hover:bg-raised", action ? "pr-2" : "pr-3.5", chosen && "bg-raised")}>
      <button
        type="button"
        title={title}
        aria-current={chosen || undefined}
        onClick={onPick}
        className="flex h-[30px] min-w-0 flex-1 items-center gap-2 pl-3.5 text-left focus-visible:outline-offset-[-2px] pointer-coarse:h-11"
      >
        {children}
      </button>
      {action && (
        <span className="opacity-0 focus-within:opacity-100 group-hover:opacity-100 pointer-coarse:opacity-100">
          {action}
        </span>
      )}
    </li>
  );
}
