/** What is looked at, or all of it, as a file of JSON lines. The browser fetches it like any other download. */
import { Download } from "lucide-react";
import { Button } from "@/components/ui/button";
import { Menu, MenuItem } from "@/components/ui/menu";
import { exportAddress } from "../api/databases";

interface Props {
  database: string;
  collection: string;
  /** Strict JSON of the filter in use. */
  filter: string | undefined;
}

export function ExportMenu({ database, collection, filter }: Props) {
  const trigger = (
    <Button aria-label="Export" title="Export as JSON lines" size="icon">
      <Download aria-hidden />
    </Button>
  );
  const fetchFile = (format: string, only?: string) => {
    const link = document.createElement("a");
    link.href = exportAddress({ database, collection }, format, only);
    link.download = `${collection}.jsonl`;
    link.click();
  };
  return (
    <Menu trigger={trigger}>
      {filter && <MenuItem onClick={() => fetchFile("canonical", filter)}>What matches, every type kept</MenuItem>}
      {filter && <MenuItem onClick={() => fetchFile("relaxed", filter)}>What matches, easy to read</MenuItem>}
      <MenuItem onClick={() => fetchFile("canonical")}>Whole collection, every type kept</MenuItem>
      <MenuItem onClick={() => fetchFile("relaxed")}>Whole collection, easy to read</MenuItem>
    </Menu>
  );
}
