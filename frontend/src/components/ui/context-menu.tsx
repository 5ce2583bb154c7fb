/** A menu where the pointer is: by right click, long press or the menu key. Its items are those of menu.tsx. */
import { ContextMenu as Base } from "@base-ui/react/context-menu";
import type { ReactElement, ReactNode } from "react";

interface Props {
  /** What is clicked on. */
  children: ReactElement;
  menu: ReactNode;
  /** Where the focus goes when it closes; false leaves it where it then is. */
  finalFocus?: () => HTMLElement | false;
}

export function ContextMenu({ children, menu, finalFocus }: Props) {
  return (
    <Base.Root>
      <Base.Trigger render={children} />
      <Base.Portal render={<section aria-label="Menu" />}>
        <Base.Positioner className="z-50">
          <Base.Popup
            finalFocus={finalFocus}
            className="min-w-44 rounded-md border border-line bg-surface p-1 shadow-float outline-none transition-opacity duration-120 data-[ending-style]:opacity-0 data-[starting-style]:opacity-0"
          >
            {menu}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
