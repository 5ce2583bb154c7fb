/** Sends one request to the deployed app, through the same door as any visitor's. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api, body } from "@/lib/api/client";
import type { TestResponse } from "@/lib/api/types";
import { type TryRequest, toWire } from "../model/request";

export function useSend(app: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (request: TryRequest) => {
      const answer = await body(
        api.POST("/api/apps/{key}/test", { params: { path: { key: app } }, body: toWire(request) }),
      );
      // The client's types widen the generated pairs to lists; the schema says pairs.
      return answer as TestResponse;
    },
    onSettled: () => {
      void client.invalidateQueries({ queryKey: ["requests"] });
      void client.invalidateQueries({ queryKey: ["app"] });
    },
  });
}
