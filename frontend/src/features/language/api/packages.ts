/** Modules that apps find installed on this platform and may import, for completion after `import`. */
import { queryOptions } from "@tanstack/react-query";
import { api, body } from "@/lib/api/client";

export const modulesQuery = queryOptions({
  queryKey: ["packages", "modules"],
  queryFn: async ({ signal }) =>
    (await body(api.GET("/api/packages", { signal }))).items.flatMap((item) => item.modules),
  staleTime: Number.POSITIVE_INFINITY,
  retry: false,
});
