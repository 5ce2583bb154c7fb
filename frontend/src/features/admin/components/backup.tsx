/** A backup as a download, and how one is put back: with a command, because the platform must be stopped for it. */
import { Download } from "lucide-react";
import { Section } from "@/components/section";
import { buttonStyle } from "@/components/ui/button";
import { CopyButton } from "@/components/ui/copy-button";

export function Backup() {
  return (
    <div className="mx-auto max-w-2xl">
      <Section
        title="Back up"
        about="One zip file with accounts, apps, drafts, versions, settings, records and every user's database, of one moment. The platform keeps running."
      >
        <a href="/api/admin/backup" download className={buttonStyle({ look: "primary" })}>
          <Download aria-hidden />
          Download a backup
        </a>
        <p className="mt-3 max-w-prose text-muted">
          Keep it where nobody else reads it: it holds everybody's data and the hashes of passwords. Secrets in it stay
          encrypted, so keep the file <code>secrets/secret.key</code> of the data folder as well, elsewhere. Log-ins are
          left out.
        </p>
        <p className="mt-2 max-w-prose text-muted">From a terminal or a scheduled job, which also checks the file:</p>
        <Command text="fp admin backup" />
      </Section>
      <Section
        title="Put one back"
        about="That is a command, not a button: the platform must be stopped while its data is replaced."
      >
        <ol className="max-w-prose list-decimal space-y-1 pl-5">
          <li>Stop the platform.</li>
          <li>
            On a new machine, copy <code>secret.key</code> into <code>secrets/</code> of the new data folder.
          </li>
          <li>
            Run the command, with the file's name. It refuses before anything changes when something does not fit.
          </li>
          <li>Start the platform. People log in again.</li>
        </ol>
        <Command text="fp admin restore fp-backup.zip" />
        <p className="mt-3 max-w-prose text-muted">
          Where accounts or apps are there already, it wants <code>--replace</code>, which removes those first, after
          you typed it.
        </p>
      </Section>
    </div>
  );
}

function Command({ text }: { text: string }) {
  return (
    <div className="mt-3 flex max-w-md items-center gap-2 rounded-md border border-line bg-surface py-1.5 pr-1.5 pl-3">
      <code className="min-w-0 flex-1 overflow-x-auto whitespace-nowrap text-sm">{text}</code>
      <CopyButton text={text} label={`Copy ${text}`} className="pointer-coarse:size-11" />
    </div>
  );
}
