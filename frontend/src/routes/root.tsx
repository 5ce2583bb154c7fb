/** What surrounds every screen, and what stands in for one that is missing or broke. */
import { type ErrorComponentProps, Link, Outlet } from "@tanstack/react-router";
import { lazy, Suspense } from "react";
import { ConnectionBar } from "@/components/connection-bar";
import { Toasts } from "@/components/toasts";
import { Button, buttonStyle } from "@/components/ui/button";
import { Mark } from "@/components/ui/mark";
import { explain } from "@/lib/api/problem";
import { useAppStore } from "@/lib/app-store";
import { useRested } from "@/lib/use-rested";
import { useTabs } from "./use-tabs";

const SessionDialog = lazy(async () => ({
  default: (await import("@/features/auth/components/session-dialog")).SessionDialog,
}));

export function Root() {
  const expired = useRested(useAppStore((state) => state.expired));
  useTabs();
  return (
    <>
      <Outlet />
      <ConnectionBar />
      <Toasts />
      {expired && (
        <Suspense>
          <SessionDialog />
        </Suspense>
      )}
    </>
  );
}

export function NotFound() {
  return (
    <main className="flex min-h-full flex-col items-center justify-center gap-4 p-6 text-center">
      <Mark className="size-10" />
      <h1 className="font-semibold text-xl">There is nothing at this address</h1>
      <Link to="/" className={buttonStyle()}>
        All apps
      </Link>
    </main>
  );
}

export function Problem({ error, reset }: ErrorComponentProps) {
  return (
    <main role="alert" className="flex min-h-full flex-col items-center justify-center gap-4 p-6 text-center">
      <Mark className="size-10" />
      <h1 className="font-semibold text-xl">This page could not be shown</h1>
      <p className="max-w-md text-muted">{explain(error)}</p>
      <Button onClick={reset}>Try again</Button>
    </main>
  );
}
