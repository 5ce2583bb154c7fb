/** The header of every screen: mark, where you are, what you can do. 52 px, one line, never wraps. */
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { cn } from "@/lib/cn";
import { Mark } from "./ui/mark";

interface Props {
  app?: string;
  /** What the screen is about where it is neither one app nor all of them, and where its words lead. */
  title?: string;
  titleLink?: "/databases";
  children?: ReactNode;
  actions?: ReactNode;
}

export function TopBar({ app, title = "Apps", titleLink, children, actions }: Props) {
  return (
    <header className="flex h-13 shrink-0 items-center gap-2 border-line border-b bg-surface px-3.5">
      <Link
        to="/"
        aria-label="fp, all apps"
        className="mr-1 rounded-md pointer-coarse:-my-[11px] pointer-coarse:-ml-[11px] pointer-coarse:mr-[-7px] pointer-coarse:p-[11px]"
      >
        <Mark />
      </Link>
      {app === undefined ? (
        <h1 className="mr-2 font-semibold text-[15px] tracking-[-0.01em]">
          {titleLink ? <Link to={titleLink}>{title}</Link> : title}
        </h1>
      ) : (
        <nav aria-label="Where you are" className="flex min-w-0 items-center gap-2 text-[15px]">
          <Link to="/" className="text-muted hover:text-text max-sm:hidden">
            Apps
          </Link>
          <span className="text-faint max-sm:hidden" aria-hidden>
            /
          </span>
          <h1 className="truncate font-semibold tracking-[-0.01em]">
            <Link to="/apps/$name" params={{ name: app }} title={app} className="rounded-sm pointer-coarse:py-3">
              {app}
            </Link>
          </h1>
        </nav>
      )}
      {/* A long name gives way to the state and the address beside it. */}
      <div
        className={cn(
          "flex min-w-0 flex-1 items-center gap-2 max-sm:min-w-fit",
          app !== undefined && "sm:min-w-24 md:min-w-64",
        )}
      >
        {children}
      </div>
      <div className="flex shrink-0 items-center gap-2">{actions}</div>
    </header>
  );
}
