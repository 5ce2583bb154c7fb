/** Who is logged in, and the ways in and out. */
import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { api, body } from "@/lib/api/client";
import { tellTabs } from "@/lib/tabs";

export interface Credentials {
  username: string;
  password: string;
}

export const infoQuery = queryOptions({
  queryKey: ["info"],
  queryFn: ({ signal }) => body(api.GET("/api/info", { signal })),
  staleTime: 60_000,
});

export const meQuery = queryOptions({
  queryKey: ["me"],
  queryFn: ({ signal }) => body(api.GET("/api/auth/me", { signal })),
  staleTime: 5 * 60_000,
});

export type EntryMode = "login" | "signup";

/** Logs in or signs up; afterwards `me` is known without asking. */
export function useEnter(mode: EntryMode) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (credentials: Credentials) =>
      mode === "login"
        ? body(api.POST("/api/auth/login", { body: credentials }))
        : body(api.POST("/api/auth/signup", { body: credentials })),
    onSuccess: (session) => {
      client.setQueryData(meQuery.queryKey, session.user);
      tellTabs({ kind: "logged-in", user: session.user.id });
      void client.invalidateQueries({ queryKey: infoQuery.queryKey });
    },
  });
}

/** Logs out and forgets everything that belonged to the account. */
export function useLogout(done: () => void) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => body(api.POST("/api/auth/logout")),
    onSuccess: () => {
      tellTabs({ kind: "logged-out" });
      client.clear();
      done();
    },
  });
}
