/** Makes a template for everybody of an app's draft. */
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { explain } from "@/lib/api/problem";
import { toast } from "@/lib/toasts";
import { useAddTemplate } from "../api/templates";

export function NewTemplateDialog({ onClose }: { onClose: () => void }) {
  return (
    <Dialog
      open
      onClose={onClose}
      title="Add a template from an app"
      description="Its draft's files and saved requests become the template, for everybody. Secrets and variables are not in it."
    >
      <Form onClose={onClose} />
    </Dialog>
  );
}

function Form({ onClose }: { onClose: () => void }) {
  const add = useAddTemplate();
  const [app, setApp] = useState("");
  const [name, setName] = useState("");
  const [description, setDescription] = useState("");
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        const done = () => {
          toast(`${name} is a template now`);
          onClose();
        };
        add.mutate({ app: app.trim(), name: name.trim(), description }, { onSuccess: done });
      }}
    >
      <Field
        label="App"
        hint="Its name, whoever owns it"
        value={app}
        onChange={(event) => setApp(event.target.value)}
        autoComplete="off"
        spellCheck={false}
      />
      <Field
        label="Name of the template"
        value={name}
        maxLength={60}
        onChange={(event) => setName(event.target.value)}
      />
      <Field
        label="One line about it"
        value={description}
        maxLength={300}
        onChange={(event) => setDescription(event.target.value)}
      />
      {add.error && (
        <p role="alert" className="mb-2 text-error">
          {explain(add.error)}
        </p>
      )}
      <div className="mt-1 flex justify-end gap-2">
        <Button onClick={onClose}>Cancel</Button>
        <Button type="submit" busy={add.isPending} disabled={!app.trim() || !name.trim()}>
          Add the template
        </Button>
      </div>
    </form>
  );
}
