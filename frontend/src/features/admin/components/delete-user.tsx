/** An account's end by an administrator: it says what goes along, and asks for the name. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { FLEET_KEY } from "@/lib/apps";
import { plural } from "@/lib/format";
import { toast } from "@/lib/toasts";
import { type AdminUser, appsOfQuery, useDeleteUser } from "../api/users";

export function DeleteUserDialog({ user, onClose }: { user: AdminUser; onClose: () => void }) {
  const remove = useDeleteUser();
  const client = useQueryClient();
  const names = useQuery({ ...appsOfQuery(user.username), enabled: user.apps > 0 }).data;
  const confirm = async () => {
    await remove.mutateAsync(user);
    void client.invalidateQueries({ queryKey: FLEET_KEY });
    toast(`${user.username} and ${plural(user.apps, "app")} are gone`);
  };
  return (
    <ConfirmDialog
      open
      onClose={onClose}
      title={`Delete ${user.username}`}
      description={`${alongWith(user, names)} Nothing of it can be had back.`}
      name={user.username}
      action={`Delete ${user.username}`}
      onConfirm={confirm}
    />
  );
}

function alongWith(user: AdminUser, names: readonly string[] | undefined): string {
  const apps = user.apps === 0 ? "" : `${plural(user.apps, "app")}${listed(names, user.apps)}, `;
  return `With the account go ${apps}all its databases, tokens and log-ins.`;
}

function listed(names: readonly string[] | undefined, all: number): string {
  if (!names || names.length === 0) return "";
  return ` (${names.join(", ")}${all > names.length ? ", ..." : ""})`;
}
