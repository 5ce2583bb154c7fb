/** Every key that does something here, by where it does it; whoever is on screen has told of them. */
import { Dialog } from "@/components/ui/dialog";
import { allCommands, shortcuts, useCommandStore } from "@/lib/commands";

export function ShortcutList({ onClose }: { onClose: () => void }) {
  const groups = shortcuts(allCommands(useCommandStore((state) => state.sources)));
  return (
    <Dialog open onClose={onClose} title="Keyboard shortcuts" wide>
      <div className="gap-x-10 sm:columns-2">
        {groups.map(([group, commands]) => (
          <section key={group} aria-label={group} className="mb-5 break-inside-avoid">
            <h3 className="mb-1 text-muted text-sm">{group}</h3>
            <dl>
              {commands.map((command) => (
                <div key={command.id} className="flex min-h-8 items-center gap-3 border-line border-b last:border-b-0">
                  <dt className="min-w-0 flex-1">{command.title}</dt>
                  <dd>
                    <kbd className="rounded-sm bg-raised px-1.5 py-0.5 font-sans text-sm">{command.keys}</kbd>
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}
