/** Whether long lines go on in the next line, or to the right. */
import { WrapText } from "lucide-react";
import { Button } from "@/components/ui/button";
import { cn } from "@/lib/cn";

export function WrapSwitch({ cut, onChange }: { cut: true | undefined; onChange: (cut: true | undefined) => void }) {
  return (
    <Button
      size="icon"
      aria-pressed={!cut}
      aria-label="Wrap long lines"
      title={cut ? "Wrap long lines" : "Do not wrap long lines"}
      className={cn(cut ? "text-muted" : "bg-raised")}
      onClick={() => onChange(cut ? undefined : true)}
    >
      <WrapText aria-hidden />
    </Button>
  );
}
