/** An app's address: read it, copy it, open it. */
import { ExternalLink } from "lucide-react";
import { buttonStyle } from "@/components/ui/button";
import { CopyButton } from "@/components/ui/copy-button";
import { cn } from "@/lib/cn";
import { host } from "@/lib/format";

export function Address({ url, className }: { url: string; className?: string }) {
  return (
    <div className={cn("flex h-[26px] min-w-0 items-center rounded-sm border border-line pr-1 pl-2", className)}>
      <span className="min-w-0 truncate font-mono text-sm">{host(url)}</span>
      <CopyButton text={url} label="Copy address" className="ml-1 pointer-coarse:size-11" />
      <a
        href={url}
        target="_blank"
        rel="noreferrer"
        aria-label="Open address"
        title="Open address"
        className={cn(
          buttonStyle({ look: "quiet", size: "icon" }),
          "size-6 rounded-sm pointer-coarse:size-11 [&_svg]:size-3.5",
        )}
      >
        <ExternalLink aria-hidden />
      </a>
    </div>
  );
}
