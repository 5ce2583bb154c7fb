/** Where confirmations appear: bottom right, on top of each other, gone by themselves unless pointed at. */
import { Toast } from "@base-ui/react/toast";
import { X } from "lucide-react";
import { toastManager } from "@/lib/toasts";
import { buttonStyle } from "./ui/button";

export function Toasts() {
  return (
    <Toast.Provider toastManager={toastManager} limit={3}>
      <Toast.Portal>
        <Toast.Viewport
          data-toasts
          className="fixed right-3 bottom-3 z-[60] flex w-[min(360px,calc(100vw-24px))] flex-col gap-2"
        >
          <List />
        </Toast.Viewport>
      </Toast.Portal>
    </Toast.Provider>
  );
}

function List() {
  const { toasts } = Toast.useToastManager();
  return toasts.map((one) => (
    <Toast.Root
      key={one.id}
      toast={one}
      className="rounded-md border border-line-strong bg-surface py-1.5 pr-1.5 pl-3.5 shadow-float transition duration-120 data-[ending-style]:opacity-0 data-[starting-style]:translate-y-2 data-[starting-style]:opacity-0"
    >
      <Toast.Content className="flex min-h-8 items-center gap-2">
        <Toast.Title className="min-w-0 flex-1" />
        {one.actionProps && <Toast.Action className={buttonStyle({ size: "small" })} />}
        <Toast.Close aria-label="Dismiss" className={buttonStyle({ look: "quiet", size: "icon" })}>
          <X aria-hidden />
        </Toast.Close>
      </Toast.Content>
    </Toast.Root>
  ));
}
