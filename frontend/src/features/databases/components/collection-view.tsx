/** One collection: what a query finds in it, or its indexes. */
import type { ExplorerSearch } from "../search";
import { NO_QUERY } from "../search";
import { type Place, useDocuments } from "../use-documents";
import { CollectionHead } from "./collection-head";
import { Documents } from "./documents";
import { IndexTable } from "./index-table";

interface Props extends Place {
  onSearch: (change: ExplorerSearch) => void;
}

export function CollectionView(props: Props) {
  const { database, collection, search, onSearch } = props;
  const page = useDocuments(props);
  return (
    <>
      <CollectionHead
        database={database}
        collection={collection}
        view={search.view}
        filter={page.asked?.filter}
        onView={(view) => onSearch({ view })}
        onLeave={() => onSearch({ ...NO_QUERY, collection: undefined, view: undefined })}
      />
      {search.view === "indexes" ? (
        <IndexTable database={database} collection={collection} />
      ) : (
        <Documents {...props} page={page} />
      )}
    </>
  );
}
