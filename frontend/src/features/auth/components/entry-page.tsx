/** The page before a login: the mark, one form, and the way to the other one. */

import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Sunrise } from "@/components/ui/mark";
import { type EntryMode, infoQuery } from "../api/auth";
import { EntryForm } from "./entry-form";

interface Props {
  mode: EntryMode;
  next?: string;
  onDone: () => void;
}

export function EntryPage({ mode, next, onDone }: Props) {
  const info = useQuery(infoQuery);
  const first = info.data && !info.data.has_users;
  const closed = mode === "signup" && info.data && !info.data.signup_open;
  const search = next ? { next } : {};
  return (
    <main className="flex min-h-full flex-col items-center px-4 pt-[14vh] pb-10">
      <Sunrise />
      <h1 className="mt-8 font-semibold text-xl">
        {mode === "login" ? "Welcome back" : first ? "Make the first account" : "Create your account"}
      </h1>
      <p className="mt-1 mb-6 min-h-5 max-w-xs text-balance text-center text-lg text-muted">
        {mode === "login"
          ? "Your apps slept well."
          : first
            ? "It will be the administrator of this machine."
            : "Write a Python web app, press Deploy, get an address."}
      </p>
      <div className="w-full max-w-xs">
        {closed ? (
          <p className="rounded-md border border-line bg-surface p-4 text-center">
            Sign up is closed here. Ask the administrator for an account.
          </p>
        ) : (
          <EntryForm mode={mode} onDone={onDone} />
        )}
        <p className="mt-4 text-center text-muted">
          {mode === "login" ? (
            info.data?.signup_open && (
              <Link
                to="/signup"
                search={search}
                className="inline-block text-text underline underline-offset-4 pointer-coarse:p-3"
              >
                Make an account instead
              </Link>
            )
          ) : (
            <Link
              to="/login"
              search={search}
              className="inline-block text-text underline underline-offset-4 pointer-coarse:p-3"
            >
              I have an account
            </Link>
          )}
        </p>
      </div>
    </main>
  );
}
