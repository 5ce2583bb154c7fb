/** Asks before an old version is deployed again, and says what that means: a new version, and the draft as it is. */
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import type { App } from "@/lib/api/types";
import { toast } from "@/lib/toasts";
import { useRollback } from "../api/versions";

interface Props {
  app: App;
  version: number;
  open: boolean;
  onClose: () => void;
}

export function RollbackDialog({ app, version, open, onClose }: Props) {
  const rollback = useRollback(app.id);
  return (
    <ConfirmDialog
      open={open}
      onClose={onClose}
      title={`Go back to v${version}`}
      description={`Its code, variables, secrets and limits become a new version. ${app.version === null ? "" : `v${app.version} keeps serving until that one is ready. `}The draft stays as it is.`}
      action={`Go back to v${version}`}
      look="outline"
      onConfirm={async () => {
        await rollback.mutateAsync(version);
        toast(`v${version} is being deployed again`);
      }}
    />
  );
}
