/** The cache of everything the server knows. A refusal (4xx) is not tried again; a lost connection is, with backoff. */
import { QueryClient } from "@tanstack/react-query";
import { ApiError } from "./api/problem";

function worthRetrying(failures: number, error: unknown): boolean {
  if (error instanceof ApiError && error.status >= 400 && error.status < 500) return false;
  return failures < 3;
}

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: { retry: worthRetrying, staleTime: 2_000, refetchOnWindowFocus: true },
    mutations: { retry: false },
  },
});

/** How often what is on screen is asked for again, milliseconds; a hidden tab asks for nothing. */
export const LIVE_MS = 2_000;
export const LIST_MS = 5_000;
