/** One template: its words and its files, to read and to change; and its end, or the way back to how it came. */
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { Drawer } from "@/components/ui/drawer";
import { ErrorNotice } from "@/components/ui/notice";
import type { Template } from "@/lib/api/types";
import { toast } from "@/lib/toasts";
import { templateQuery, useDeleteTemplate } from "../api/templates";
import { TemplateForm } from "./template-form";

export function TemplateDrawer({ id, onClose }: { id: string | undefined; onClose: () => void }) {
  const query = useQuery({ ...templateQuery(id ?? ""), enabled: id !== undefined });
  const template = id === undefined ? undefined : query.data;
  return (
    <Drawer
      open={id !== undefined}
      onClose={onClose}
      title={template?.name ?? "Template"}
      wide
      actions={template && <End template={template} onClose={onClose} />}
    >
      {query.isPending && <div className="skeleton m-4 h-96" aria-busy="true" />}
      {query.isError && !template && <ErrorNotice error={query.error} onRetry={() => void query.refetch()} />}
      {template && <TemplateForm key={template.id} template={template} />}
    </Drawer>
  );
}

/** A built-in template cannot be deleted: what was changed about it can be taken back. */
function End({ template, onClose }: { template: Template; onClose: () => void }) {
  const remove = useDeleteTemplate();
  const [asking, setAsking] = useState(false);
  const builtIn = template.kind === "built_in";
  if (builtIn && !template.changed && !template.hidden) return null;
  const confirm = async () => {
    await remove.mutateAsync(template.id);
    toast(builtIn ? `${template.name} is as it came` : `${template.name} is deleted`);
    onClose();
  };
  return (
    <>
      <Button size="small" look={builtIn ? "outline" : "danger"} onClick={() => setAsking(true)}>
        {builtIn ? "Restore as it came" : "Delete"}
      </Button>
      <ConfirmDialog
        open={asking}
        onClose={() => setAsking(false)}
        title={builtIn ? `Restore ${template.name}` : `Delete ${template.name}`}
        description={
          builtIn
            ? "What was changed here is lost, and everybody sees the template again."
            : "Apps that were made from it stay. The template cannot be had back."
        }
        name={builtIn ? undefined : template.name}
        action={builtIn ? "Restore it" : "Delete the template"}
        onConfirm={confirm}
      />
    </>
  );
}
