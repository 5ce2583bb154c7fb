/**
 * A body as what it is. A page is drawn in a frame without any rights: no scripts, no forms, no way to us, and the page's own
 * policy lets it load nothing from anywhere.
 */
import { JsonTree } from "@/components/json-tree";
import { highlightJson } from "@/lib/code/highlight";
import type { Shown } from "../model/answer";
import { Numbered } from "./numbered";

export function BodyShown({ shown }: { shown: Shown }) {
  switch (shown.kind) {
    case "empty":
      return <p className="px-3.5 py-3 text-muted">The body is empty.</p>;
    case "json":
      return <JsonTree value={shown.value} className="max-h-[420px] overflow-auto bg-bg px-2 py-2" />;
    case "html":
      return (
        <iframe title="The page" sandbox="" srcDoc={shown.text} className="block h-[420px] w-full border-0 bg-white" />
      );
    case "image":
      return (
        <div className="flex max-h-[420px] justify-center overflow-auto bg-bg p-3">
          <img src={shown.source} alt="What the app answered" className="max-w-full object-contain" />
        </div>
      );
    case "bytes":
      return <p className="px-3.5 py-3 text-muted">{shown.count.toLocaleString("en-US")} bytes that are not text.</p>;
    default:
      return <BodyText text={shown.text} />;
  }
}

export function BodyText({ text, json }: { text: string; json?: boolean }) {
  return <Numbered lines={text.split("\n").length}>{json ? highlightJson(text) : text}</Numbered>;
}
