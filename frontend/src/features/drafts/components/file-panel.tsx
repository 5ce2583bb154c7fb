/** The left column: the draft's files, or the search through them. Files come in by the plus, by a drop and by a dialog. */
import { Download, Ellipsis, FilePlus, FolderPlus, Plus, Search, Undo2, Upload } from "lucide-react";
import { lazy, Suspense, useMemo, useRef, useState } from "react";
import { Button } from "@/components/ui/button";
import { Menu, MenuItem, MenuLine } from "@/components/ui/menu";
import type { Finding } from "@/lib/api/types";
import { plural } from "@/lib/format";
import { toast } from "@/lib/toasts";
import { saveArchive } from "../download";
import { takeBack, takeFiles } from "../file-actions";
import { type Candidate, type Intake, judge } from "../model/intake";
import { chosen } from "../read-drop";
import { useEditorStore } from "../store";
import type { Asked } from "./file-menu";
import { FileTree } from "./file-tree";
import { RoomMeter } from "./room-meter";

const IntakeDialog = lazy(async () => ({ default: (await import("./intake-dialog")).IntakeDialog }));

interface Props {
  marked: ReadonlySet<string>;
  findings: readonly Finding[];
  onOpen: (path: string) => void;
  onSearch: () => void;
  /** Saves what is not saved; what is downloaded is what the server has. */
  flush: () => Promise<boolean>;
  /** Beneath the tree, above the room. */
  children?: React.ReactNode;
}

export function FilePanel({ marked, findings, onOpen, onSearch, flush, children }: Props) {
  const app = useEditorStore((state) => state.app);
  const [asked, setAsked] = useState<Asked | null>(null);
  const [intake, setIntake] = useState<Intake | null>(null);
  const input = useRef<HTMLInputElement>(null);
  const bad = useMemo(() => new Set(findings.flatMap((finding) => finding.file ?? [])), [findings]);
  const receive = (found: Candidate[], folder: string) => {
    const judged = judge(found, useEditorStore.getState().files, folder);
    if (judged.refused.length > 0 || judged.taken.some((file) => file.replaces)) setIntake(judged);
    else take(judged);
  };
  const download = () => void flush().then((saved) => saved && app && saveArchive(app));
  return (
    <section aria-label="Files" className="flex h-full min-h-0 flex-col bg-surface">
      <div className="flex h-[37px] shrink-0 items-center pr-2 pl-3.5 pointer-coarse:h-11">
        <h2 className="flex-1 font-semibold text-sm">Files</h2>
        <Tool label="Search in files" onClick={onSearch}>
          <Search aria-hidden />
        </Tool>
        <Tool label="Add a file" onClick={() => setAsked({ kind: "file", folder: "" })}>
          <Plus aria-hidden />
        </Tool>
        <Menu
          trigger={
            <Button look="quiet" size="icon" aria-label="More for files" className="size-7 pointer-coarse:size-11">
              <Ellipsis aria-hidden />
            </Button>
          }
        >
          <MenuItem onClick={() => setAsked({ kind: "file", folder: "" })}>
            <FilePlus aria-hidden />
            New file
          </MenuItem>
          <MenuItem onClick={() => setAsked({ kind: "folder", folder: "" })}>
            <FolderPlus aria-hidden />
            New folder
          </MenuItem>
          <MenuItem onClick={() => input.current?.click()}>
            <Upload aria-hidden />
            Upload files or a ZIP
          </MenuItem>
          <MenuLine />
          <MenuItem onClick={() => takeBack()}>
            <Undo2 aria-hidden />
            Undo
          </MenuItem>
          <MenuItem onClick={download}>
            <Download aria-hidden />
            Download as ZIP
          </MenuItem>
        </Menu>
      </div>
      <input
        ref={input}
        type="file"
        multiple
        hidden
        aria-label="Files to upload"
        onChange={(event) => {
          const files = [...(event.target.files ?? [])];
          event.target.value = "";
          void chosen(files).then((found) => receive(found, ""));
        }}
      />
      <FileTree {...{ marked, bad, asked, onOpen }} onAsk={setAsked} onCandidates={receive} />
      {children}
      <RoomMeter />
      {intake && (
        <Suspense>
          <IntakeDialog
            intake={intake}
            onDone={(sure) => {
              setIntake(null);
              if (sure) take(intake);
            }}
          />
        </Suspense>
      )}
    </section>
  );
}

function Tool({ label, onClick, children }: { label: string; onClick: () => void; children: React.ReactNode }) {
  return (
    <Button
      look="quiet"
      size="icon"
      aria-label={label}
      title={label}
      className="size-7 pointer-coarse:size-11"
      onClick={onClick}
    >
      {children}
    </Button>
  );
}

function take({ taken, same }: Intake): void {
  const texts = Object.fromEntries(taken.map((file) => [file.path, file.text]));
  if (taken.length > 0) takeFiles(`Added ${plural(taken.length, "file")}`, texts);
  else toast(same > 0 ? "They are there already" : "There was no file in it");
}
