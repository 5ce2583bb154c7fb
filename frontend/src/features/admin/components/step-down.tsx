/** Giving up one's own rights: only another administrator can give them back, so it asks. */
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { type AdminUser, useStepDown } from "../api/users";

export function StepDownDialog({ user, onClose }: { user: AdminUser; onClose: () => void }) {
  const stepDown = useStepDown();
  return (
    <ConfirmDialog
      open
      onClose={onClose}
      title="Give up your rights"
      description="You will see your own apps only. Another administrator can make you one again."
      action="Make me an ordinary user"
      onConfirm={() => stepDown.mutateAsync(user.id)}
    />
  );
}
