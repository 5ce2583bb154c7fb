/** A moment to jump to: a button that says the moment, and a small form with a few usual ones. Local time, to the second. */
import { Popover } from "@base-ui/react/popover";
import { CalendarClock, X } from "lucide-react";
import { useState } from "react";
import { cn } from "@/lib/cn";
import { clock, utc } from "@/lib/format";
import { Button } from "./ui/button";
import { inputStyle } from "./ui/field";

interface Props {
  /** The moment, RFC 3339; undefined for now. */
  value: string | undefined;
  onChange: (moment: string | undefined) => void;
}

const USUAL = [
  { label: "15 min ago", minutes: 15 },
  { label: "1 h ago", minutes: 60 },
  { label: "6 h ago", minutes: 360 },
  { label: "Yesterday", minutes: 1440 },
] as const;

export function TimeJump({ value, onChange }: Props) {
  const [open, setOpen] = useState(false);
  const jump = (moment: Date) => {
    setOpen(false);
    onChange(moment.toISOString());
  };
  return (
    <span className="inline-flex items-center">
      <Popover.Root open={open} onOpenChange={setOpen}>
        <Popover.Trigger
          render={
            <Button
              className={cn("font-medium", value ? "rounded-r-none bg-raised" : "text-muted max-sm:w-10 max-sm:px-0")}
              title={value ? utc(value) : "Jump to a time"}
            >
              <CalendarClock aria-hidden />
              {value ? (
                <span className="tnum">{clock(value, Date.now())}</span>
              ) : (
                <span className="max-sm:sr-only">
                  Jump<span className="sr-only"> to a time</span>
                </span>
              )}
            </Button>
          }
        />
        <Popover.Portal>
          <Popover.Positioner sideOffset={6} align="end" className="z-50">
            <Popover.Popup className="w-64 rounded-md border border-line bg-surface p-3 shadow-float outline-none">
              <Popover.Title className="mb-2 font-semibold text-base">Jump to a time</Popover.Title>
              <MomentForm value={value} onJump={jump} />
              <div className="mt-3 grid grid-cols-2 gap-1.5">
                {USUAL.map(({ label, minutes }) => (
                  <Button key={label} size="small" onClick={() => jump(new Date(Date.now() - minutes * 60_000))}>
                    {label}
                  </Button>
                ))}
              </div>
            </Popover.Popup>
          </Popover.Positioner>
        </Popover.Portal>
      </Popover.Root>
      {value && (
        <Button
          size="icon"
          aria-label="Back to now"
          title="Back to now"
          className="rounded-l-none border-l-0 bg-raised"
          onClick={() => onChange(undefined)}
        >
          <X aria-hidden />
        </Button>
      )}
    </span>
  );
}

function MomentForm({ value, onJump }: { value: string | undefined; onJump: (moment: Date) => void }) {
  const [text, setText] = useState(() => local(value ? new Date(value) : new Date()));
  return (
    <form
      className="flex gap-1.5"
      onSubmit={(event) => {
        event.preventDefault();
        const moment = new Date(text);
        if (!Number.isNaN(moment.getTime())) onJump(moment);
      }}
    >
      <input
        type="datetime-local"
        step={1}
        required
        aria-label="Time"
        value={text}
        onChange={(event) => setText(event.target.value)}
        className={cn(inputStyle, "tnum min-w-0 flex-1")}
      />
      <Button type="submit">Go</Button>
    </form>
  );
}

/** As the field wants it: local, without a zone. */
function local(moment: Date): string {
  return new Date(moment.getTime() - moment.getTimezoneOffset() * 60_000).toISOString().slice(0, 19);
}
