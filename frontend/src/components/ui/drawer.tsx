/** A panel over the right edge of the page, whole height, whole width where there is no room; Escape closes it. */
import { Dialog as Base } from "@base-ui/react/dialog";
import { X } from "lucide-react";
import type { ReactNode } from "react";
import { cn } from "@/lib/cn";
import { buttonStyle } from "./button";

interface Props {
  open: boolean;
  onClose: () => void;
  title: string;
  /** Beside the title: a link, a button. */
  actions?: ReactNode;
  children: ReactNode;
  wide?: boolean;
}

export function Drawer({ open, onClose, title, actions, children, wide }: Props) {
  return (
    <Base.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <Base.Portal>
        <Base.Backdrop className="fixed inset-0 z-40 bg-[rgb(4_6_12/.45)] transition-opacity duration-120 data-[ending-style]:opacity-0 data-[starting-style]:opacity-0" />
        <Base.Popup
          className={cn(
            "fixed inset-y-0 right-0 z-50 flex w-full flex-col border-line border-l bg-surface shadow-float transition duration-120 data-[ending-style]:translate-x-4 data-[starting-style]:translate-x-4 data-[ending-style]:opacity-0 data-[starting-style]:opacity-0",
            wide ? "max-w-5xl" : "max-w-lg",
          )}
        >
          <div className="flex h-13 shrink-0 items-center gap-2 border-line border-b px-4">
            <Base.Title className="min-w-0 flex-1 truncate font-semibold text-[15px] tracking-[-0.01em]">
              {title}
            </Base.Title>
            {actions}
            <Base.Close aria-label="Close" className={buttonStyle({ look: "quiet", size: "icon" })}>
              <X aria-hidden />
            </Base.Close>
          </div>
          <div className="min-h-0 flex-1 overflow-y-auto">{children}</div>
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}
