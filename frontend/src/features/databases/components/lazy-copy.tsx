/** Copies a text that is only made when it is asked for: of a large document it takes a while. */
import { Check, Copy } from "lucide-react";
import { useEffect, useState } from "react";
import { Button } from "@/components/ui/button";
import { cn } from "@/lib/cn";

export function LazyCopy({ label, text, className }: { label: string; text: () => string; className?: string }) {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), 1500);
    return () => clearTimeout(timer);
  }, [copied]);
  return (
    <Button
      look="quiet"
      size="icon"
      aria-label={copied ? "Copied" : label}
      title={label}
      onClick={async () => {
        await navigator.clipboard.writeText(text());
        setCopied(true);
      }}
      className={cn("size-7 [&_svg]:size-3.5", className)}
    >
      {copied ? <Check className="text-running" aria-hidden /> : <Copy aria-hidden />}
    </Button>
  );
}
