/** Copies a text; its own icon confirms, so that nothing else on the screen moves. */
import { Check, Copy } from "lucide-react";
import { useEffect, useState } from "react";
import { cn } from "@/lib/cn";
import { Button } from "./button";

interface Props {
  text: string;
  label: string;
  children?: string;
  className?: string;
}

export function CopyButton({ text, label, children, className }: Props) {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), 1500);
    return () => clearTimeout(timer);
  }, [copied]);
  const copy = async () => {
    await navigator.clipboard.writeText(text);
    setCopied(true);
  };
  return (
    <Button
      look="quiet"
      size={children ? "small" : "icon"}
      aria-label={copied ? "Copied" : label}
      title={label}
      onClick={copy}
      className={cn(!children && "size-6 rounded-sm [&_svg]:size-3.5", className)}
    >
      {copied ? <Check className="text-running" aria-hidden /> : <Copy aria-hidden />}
      {children}
    </Button>
  );
}
