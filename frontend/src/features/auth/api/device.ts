/** A log-in elsewhere that waits to be approved here: who asks, and the decision. */
import { queryOptions, useMutation } from "@tanstack/react-query";
import { api, body } from "@/lib/api/client";

export const deviceQuery = (code: string) =>
  queryOptions({
    queryKey: ["device", code],
    queryFn: ({ signal }) =>
      body(api.GET("/api/auth/device/{user_code}", { params: { path: { user_code: code } }, signal })),
    retry: false,
    staleTime: Number.POSITIVE_INFINITY,
  });

/** Lets it in as the account of this browser, or refuses it. */
export function useDecision(code: string) {
  return useMutation({
    mutationFn: (approve: boolean) =>
      body(api.POST("/api/auth/device/{user_code}", { params: { path: { user_code: code } }, body: { approve } })),
  });
}
