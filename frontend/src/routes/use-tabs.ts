/**
 * What other tabs of this browser do shows here. Logged out there: this tab goes to the log-in, but for the editor, which
 * asks over what is typed. Logged in there: this tab goes on, or starts afresh where it is somebody else.
 */
import { useQueryClient } from "@tanstack/react-query";
import { useRouter } from "@tanstack/react-router";
import { useEffect } from "react";
import { meQuery } from "@/features/auth/api/auth";
import { useAppStore } from "@/lib/app-store";
import { hearTabs } from "@/lib/tabs";

const EDITOR = /^\/apps\/[^/]+\/edit/;
const ENTRY = /^\/(login|signup)/;

export function useTabs(): void {
  const router = useRouter();
  const client = useQueryClient();
  useEffect(
    () =>
      hearTabs((news) => {
        const { pathname, href } = router.state.location;
        const { expired, expire, resume } = useAppStore.getState();
        if (news.kind === "logged-out") {
          if (EDITOR.test(pathname)) expire();
          else if (!ENTRY.test(pathname)) {
            client.clear();
            void router.navigate({ to: "/login", search: href === "/" ? {} : { next: href } });
          }
          return;
        }
        const before = client.getQueryData(meQuery.queryKey);
        if (before && before.id !== news.user) window.location.assign("/");
        else if (expired) {
          resume();
          void client.invalidateQueries();
        } else if (ENTRY.test(pathname)) router.history.push(router.state.location.search.next ?? "/");
      }),
    [router, client],
  );
}
