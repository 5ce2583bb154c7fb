/** Where there is nothing yet: the three lines that write the first document. */
import { CopyButton } from "@/components/ui/copy-button";

const CODE = `import os, pymongo
db = pymongo.MongoClient(os.environ["PLATFORM_MONGO_URI"]).get_default_database()
db.notes.insert_one({"text": "The first one"})`;

export function FirstDocument({ title }: { title: string }) {
  return (
    <div className="mx-auto flex max-w-2xl flex-col items-center px-2 py-12">
      <p className="text-balance text-center font-medium text-lg">{title}</p>
      <p className="mt-1 mb-4 text-balance text-center text-muted">
        Your app finds its database in PLATFORM_MONGO_URI. What it writes appears here by itself.
      </p>
      <div className="flex w-full items-start rounded-md border border-line bg-surface">
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
        <pre tabIndex={0} className="min-w-0 flex-1 overflow-x-auto px-3.5 py-3 text-sm leading-5">
          {CODE}
        </pre>
        <CopyButton text={CODE} label="Copy code" className="m-2 size-8" />
      </div>
    </div>
  );
}
