/**
 * Asks before something is destroyed. What cannot be had back asks for its name to be typed (`name`); what can be undone
 * needs no dialog at all. A failure stays in the dialog, beside the button that failed.
 */
import { type ReactNode, useState } from "react";
import { explain } from "@/lib/api/problem";
import { Button } from "./button";
import { Dialog } from "./dialog";
import { Field } from "./field";

interface Props {
  open: boolean;
  onClose: () => void;
  title: string;
  description: ReactNode;
  /** What the button says: the verb, and what is meant by it. */
  action: string;
  /** What has to be typed; absent, the button is enough. */
  name?: string;
  /** How the button looks; what destroys nothing is an outline. */
  look?: "danger" | "outline";
  onConfirm: () => Promise<unknown>;
}

export function ConfirmDialog({ open, onClose, title, description, ...rest }: Props) {
  return (
    <Dialog open={open} onClose={onClose} title={title} description={description}>
      <ConfirmForm onClose={onClose} {...rest} />
    </Dialog>
  );
}

type FormProps = Pick<Props, "action" | "name" | "look" | "onConfirm" | "onClose">;

function ConfirmForm({ action, name, look = "danger", onConfirm, onClose }: FormProps) {
  const [typed, setTyped] = useState("");
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const confirm = async () => {
    setBusy(true);
    setError(null);
    try {
      await onConfirm();
      onClose();
    } catch (failure) {
      setError(failure);
      setBusy(false);
    }
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void confirm();
      }}
    >
      {name !== undefined && (
        <Field
          label={`Type ${name} to confirm`}
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
          autoComplete="off"
          spellCheck={false}
        />
      )}
      {error !== null && (
        <p role="alert" className="mb-3 text-error">
          {explain(error)}
        </p>
      )}
      <div className="mt-2 flex justify-end gap-2">
        <Button onClick={onClose}>Cancel</Button>
        <Button type="submit" look={look} busy={busy} disabled={name !== undefined && typed !== name}>
          {action}
        </Button>
      </div>
    </form>
  );
}
