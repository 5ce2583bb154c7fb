/** What a list says when it has nothing to show: that it is empty, or that it could not be had. */
import type { ReactNode } from "react";
import { explain } from "@/lib/api/problem";
import { cn } from "@/lib/cn";
import { Button } from "./button";

export function EmptyNotice({
  title,
  children,
  className,
}: {
  title: string;
  children?: ReactNode;
  className?: string;
}) {
  return (
    <div className={cn("flex flex-col items-center px-6 py-12 text-center", className)}>
      <p className="font-medium text-lg">{title}</p>
      {children && <div className="mt-1 max-w-md text-balance text-muted">{children}</div>}
    </div>
  );
}

export function ErrorNotice({
  error,
  onRetry,
  className,
}: {
  error: unknown;
  onRetry?: () => void;
  className?: string;
}) {
  return (
    <div role="alert" className={cn("flex flex-col items-center gap-3 px-6 py-12 text-center", className)}>
      <p className="max-w-md text-error">{explain(error)}</p>
      {onRetry && <Button onClick={onRetry}>Try again</Button>}
    </div>
  );
}
