/** A dialog over the page: focus stays inside, Escape closes it unless `sticky`, the page behind keeps its state. */
import { Dialog as Base } from "@base-ui/react/dialog";
import type { ReactNode } from "react";
import { cn } from "@/lib/cn";

interface Props {
  open: boolean;
  onClose: () => void;
  title: string;
  description?: ReactNode;
  children: ReactNode;
  sticky?: boolean;
  wide?: boolean;
  /** As wide as the page lets it be, for two columns of code. */
  full?: boolean;
}

export function Dialog({ open, onClose, title, description, children, sticky, wide, full }: Props) {
  return (
    <Base.Root open={open} onOpenChange={(next) => !next && !sticky && onClose()} disablePointerDismissal={sticky}>
      <Base.Portal>
        <Base.Backdrop className="fixed inset-0 z-40 bg-[rgb(4_6_12/.55)] transition-opacity duration-120 data-[ending-style]:opacity-0 data-[starting-style]:opacity-0" />
        <Base.Popup
          className={cn(
            "-translate-x-1/2 fixed left-1/2 z-50 max-h-[80vh] w-[calc(100vw-24px)] overflow-auto rounded-lg border border-line bg-surface p-5 shadow-float outline-none transition duration-120 data-[ending-style]:opacity-0 data-[starting-style]:opacity-0",
            full ? "top-[4vh] max-h-[92vh] max-w-6xl" : "top-[14vh]",
            full || (wide ? "max-w-3xl" : "max-w-md"),
          )}
        >
          <Base.Title className="font-semibold text-[16px] tracking-[-0.01em]">{title}</Base.Title>
          {description && (
            <Base.Description className="mt-1 text-pretty text-base text-muted">{description}</Base.Description>
          )}
          <div className="mt-4">{children}</div>
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}
