/**
 * Short confirmations at the edge of the page. A toast never carries the only copy of an error; what it is for is to say
 * that something was done, and to offer the way back (`undo`) for as long as it shows.
 */
import { Toast } from "@base-ui/react/toast";

export const toastManager = Toast.createToastManager();

const SHOWN_MS = 5_000;
const UNDO_MS = 10_000;

export function toast(title: string, undo?: { label?: string; onUndo: () => void }): void {
  const id = toastManager.add({
    title,
    timeout: undo ? UNDO_MS : SHOWN_MS,
    actionProps: undo && {
      children: undo.label ?? "Undo",
      onClick: () => {
        toastManager.close(id);
        undo.onUndo();
      },
    },
  });
}
