/** The stored log as a file: all of it, or what the filter lets through. The browser writes it while it comes. */
import { Download } from "lucide-react";
import { Button } from "@/components/ui/button";
import { Menu, MenuItem } from "@/components/ui/menu";
import type { App } from "@/lib/api/types";
import { fileAddress, type LogFilter } from "../api/logs";

const KINDS = [
  { format: "txt", words: "As text" },
  { format: "jsonl", words: "As JSON lines" },
] as const;

export function LogFile({ app, filter }: { app: App; filter: LogFilter }) {
  const some = filter.q !== undefined || filter.level !== undefined;
  return (
    <Menu
      trigger={
        <Button size="icon" aria-label="Download" title={some ? "Download what matches" : "Download the whole log"}>
          <Download aria-hidden />
        </Button>
      }
    >
      {KINDS.map(({ format, words }) => (
        <MenuItem key={format} render={<a href={fileAddress(app.id, filter, format)} download />}>
          {words}
          {some && <span className="ml-auto text-muted text-sm">what matches</span>}
        </MenuItem>
      ))}
    </Menu>
  );
}
