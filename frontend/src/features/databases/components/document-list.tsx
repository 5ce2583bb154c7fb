/** Documents as trees. Only what is open is drawn, so a document of megabytes costs what is seen of it. */
import { memo, useCallback } from "react";
import { type DrawLeaf, type Json, JsonTree } from "@/components/json-tree";
import { exact, fieldOf, type JsonObject, readable } from "../model/extended";
import { LazyCopy } from "./lazy-copy";
import { type Pick, TypedValue } from "./typed-value";

const LONG = 300;

interface Props {
  documents: readonly JsonObject[];
  onPick: Pick;
}

export function DocumentList({ documents, onPick }: Props) {
  return (
    <ol aria-label="Documents" className="rounded-lg border border-line bg-surface">
      {documents.map((document, index) => (
        <li
          key={idOf(document) ?? index}
          className="group relative border-line border-t py-2.5 pr-11 pl-2 first:border-t-0 max-sm:pr-2"
        >
          <Tree document={document} onPick={onPick} />
          <LazyCopy
            label="Copy document"
            text={() => exact(document, 2)}
            className="absolute top-2 right-2.5 pointer-coarse:size-11"
          />
        </li>
      ))}
    </ol>
  );
}

/** Two documents of a page may have the same id only where a projection left it out. */
export function idOf(document: JsonObject): string | null {
  return document._id === undefined ? null : exact(document._id);
}

const Tree = memo(function Tree({ document, onPick }: { document: JsonObject; onPick: Pick }) {
  const leaf = useCallback<DrawLeaf>(
    (value, path) => {
      const shown = readable(value as Json);
      // The tree itself cuts long texts, and opens them.
      if (!shown || (shown.look === "string" && shown.text.length > LONG)) return null;
      return <TypedValue shown={shown} value={value} field={fieldOf(path)} onPick={onPick} />;
    },
    [onPick],
  );
  return <JsonTree value={document} depth={1} leaf={leaf} />;
});
