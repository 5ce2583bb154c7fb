/** Asks before a file leaves the draft; the live version keeps its copy until the next deploy. */
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";

interface Props {
  path: string;
  open: boolean;
  onClose: (sure: boolean) => void;
}

export function DeleteFile({ path, open, onClose }: Props) {
  return (
    <Dialog
      open={open}
      onClose={() => onClose(false)}
      title={`Delete ${path}?`}
      description="It leaves the draft. What is deployed keeps it until the next deploy."
    >
      <div className="flex justify-end gap-2">
        <Button onClick={() => onClose(false)}>Keep it</Button>
        <Button look="danger" onClick={() => onClose(true)}>
          Delete {path.split("/").at(-1)}
        </Button>
      </div>
    </Dialog>
  );
}
