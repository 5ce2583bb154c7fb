/** Said when somebody else saved first: what they changed, what of it is in the fields now, and where one's own stands. */
import type { Theirs } from "../model/settings";

export function TheirChanges({ theirs }: { theirs: readonly Theirs[] }) {
  if (theirs.length === 0) return null;
  return (
    <div role="alert" className="mb-3 rounded-md bg-waking-bg px-3 py-2">
      <p className="font-medium text-waking">
        Somebody else changed the settings meanwhile. Nothing of yours was saved yet.
      </p>
      <ul className="mt-1 max-h-32 overflow-y-auto">
        {theirs.map(({ field, label, now, clashes }) => (
          <li key={field} className="break-words">
            {label}: {now}
            {clashes && (
              <span className="text-muted"> (yours is still in the field, and replaces it when you save)</span>
            )}
          </li>
        ))}
      </ul>
    </div>
  );
}
