/** The headers of a request that failed and of its answer. What may be a secret was never recorded, and says so. */
import type { Header, RequestRecord } from "@/lib/api/types";

export function RecordedHeaders({ headers }: { headers: NonNullable<RequestRecord["headers"]> }) {
  return (
    <section aria-labelledby="headers">
      <h3 id="headers" className="mb-2 font-semibold text-sm">
        Headers
      </h3>
      <Headers title="Request" headers={headers.request} />
      <Headers title="Answer" headers={headers.answer} />
    </section>
  );
}

function Headers({ title, headers }: { title: string; headers: Header[] }) {
  if (headers.length === 0) return null;
  return (
    <>
      <h4 className="mt-2 mb-1 text-muted text-sm">{title}</h4>
      <dl aria-label={`${title} headers`} className="divide-y divide-line border-line border-y text-sm">
        {headers.map(({ name, value }, place) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a name may come twice, and the list never changes
          <div key={place} className="grid grid-cols-[minmax(0,2fr)_minmax(0,3fr)] gap-x-3 py-1">
            <dt className="break-all font-mono text-muted">{name}</dt>
            <dd className="min-w-0 break-all font-mono">
              {value ?? (
                <span className="font-sans text-muted" title="It may be a secret, and those are not recorded">
                  not recorded
                </span>
              )}
            </dd>
          </div>
        ))}
      </dl>
    </>
  );
}
