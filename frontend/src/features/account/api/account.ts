/** What is an account's own: tokens for programs, where it is logged in, its password, and its end. */
import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { api, body } from "@/lib/api/client";
import type { components } from "@/lib/api/schema.gen";

export type Token = components["schemas"]["Token"];
export type TokenCreate = components["schemas"]["TokenCreate"];
export type SessionItem = components["schemas"]["SessionItem"];

export const tokensQuery = queryOptions({
  queryKey: ["tokens"],
  queryFn: async ({ signal }) =>
    (await body(api.GET("/api/auth/tokens", { params: { query: { limit: 200 } }, signal }))).items,
});

export const sessionsQuery = queryOptions({
  queryKey: ["sessions"],
  queryFn: async ({ signal }) =>
    (await body(api.GET("/api/auth/sessions", { params: { query: { limit: 200 } }, signal }))).items,
});

function useChange<T, R>(change: (given: T) => Promise<R>, queryKey: readonly string[]) {
  const client = useQueryClient();
  return useMutation({ mutationFn: change, onSettled: () => client.invalidateQueries({ queryKey }) });
}

export const useCreateToken = () =>
  useChange((token: TokenCreate) => body(api.POST("/api/auth/tokens", { body: token })), tokensQuery.queryKey);

export const useRevokeToken = () =>
  useChange(
    (id: string) => api.DELETE("/api/auth/tokens/{token_id}", { params: { path: { token_id: id } } }),
    tokensQuery.queryKey,
  );

export const useEndSession = () =>
  useChange(
    (id: string) => api.DELETE("/api/auth/sessions/{session_id}", { params: { path: { session_id: id } } }),
    sessionsQuery.queryKey,
  );

export const useEndOtherSessions = () =>
  useChange((_: undefined) => api.DELETE("/api/auth/sessions"), sessionsQuery.queryKey);

export const useChangePassword = () =>
  useChange(
    (given: { current: string; new: string }) => api.POST("/api/auth/password", { body: given }),
    sessionsQuery.queryKey,
  );

export function useDeleteAccount() {
  return useMutation({ mutationFn: (password: string) => api.DELETE("/api/auth/me", { body: { password } }) });
}
