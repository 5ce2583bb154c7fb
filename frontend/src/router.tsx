/**
 * The screens and their addresses. Everything behind `account` needs a login; who has none is sent to /login, or to
 * /signup where nobody has an account yet. Screens that are not the first one seen are loaded when they are opened.
 */

import type { QueryClient } from "@tanstack/react-query";
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  redirect,
} from "@tanstack/react-router";
import { readFilter } from "@/features/apps/fleet";
import { infoQuery, meQuery } from "@/features/auth/api/auth";
import { ApiError } from "@/lib/api/problem";
import { queryClient } from "@/lib/query";
import { optional, safeNext } from "@/lib/search";
import { AccountLayout } from "./routes/account";
import { AppsScreen } from "./routes/apps";
import { NotFound, Problem, Root } from "./routes/root";

const rootRoute = createRootRouteWithContext<{ queryClient: QueryClient }>()({
  component: Root,
  notFoundComponent: NotFound,
  errorComponent: Problem,
});

const entrySearch = (search: Record<string, unknown>): { next?: string } => optional({ next: safeNext(search.next) });

const loginRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/login",
  validateSearch: entrySearch,
  component: lazyRouteComponent(() => import("./routes/entry"), "LoginScreen"),
});

const signupRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/signup",
  validateSearch: entrySearch,
  component: lazyRouteComponent(() => import("./routes/entry"), "SignupScreen"),
});

const accountRoute = createRoute({
  getParentRoute: () => rootRoute,
  id: "account",
  beforeLoad: async ({ context, location }) => {
    try {
      await context.queryClient.ensureQueryData(meQuery);
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 401) throw error;
      const info = await context.queryClient.ensureQueryData(infoQuery);
      const search = location.href === "/" ? {} : { next: location.href };
      throw redirect({ to: info.has_users ? "/login" : "/signup", search });
    }
  },
  component: AccountLayout,
});

export const appsRoute = createRoute({
  getParentRoute: () => accountRoute,
  path: "/",
  validateSearch: (search): { status?: ReturnType<typeof readFilter>; q?: string } => {
    const status = readFilter(search.status);
    return optional({
      status: status === "all" ? undefined : status,
      q: typeof search.q === "string" ? search.q : undefined,
    });
  },
  component: AppsScreen,
});

const newRoute = createRoute({
  getParentRoute: () => accountRoute,
  path: "/new",
  component: lazyRouteComponent(() => import("./routes/new"), "NewScreen"),
});

export const DASHBOARD_TABS = ["requests", "logs", "wakes", "settings"] as const;
export type DashboardTab = (typeof DASHBOARD_TABS)[number];

export interface DashboardSearch {
  tab?: DashboardTab;
  q?: string;
  cold?: true;
  errors?: true;
  request?: string;
  level?: string;
  wake?: string;
}

const text = (value: unknown) => (typeof value === "string" && value !== "" ? value : undefined);
const flag = (value: unknown) => (value === true ? true : undefined);

const dashboardRoute = createRoute({
  getParentRoute: () => accountRoute,
  path: "/apps/$name",
  validateSearch: (search): DashboardSearch =>
    optional({
      tab: DASHBOARD_TABS.find((tab) => tab === search.tab),
      q: text(search.q),
      cold: flag(search.cold),
      errors: flag(search.errors),
      request: text(search.request),
      level: text(search.level),
      wake: text(search.wake),
    }),
  component: lazyRouteComponent(() => import("./routes/dashboard"), "DashboardScreen"),
});

/** The address that a page shown in a failing app's place gives to its owner. */
const wakesRoute = createRoute({
  getParentRoute: () => accountRoute,
  path: "/apps/$name/wakes",
  beforeLoad: ({ params }) => {
    throw redirect({ to: "/apps/$name", params, search: { tab: "wakes" }, replace: true });
  },
});

const editorRoute = createRoute({
  getParentRoute: () => accountRoute,
  path: "/apps/$name/edit",
  validateSearch: (search): { file?: string; line?: number } =>
    optional({ file: text(search.file), line: typeof search.line === "number" ? search.line : undefined }),
  component: lazyRouteComponent(() => import("./routes/editor"), "EditorScreen"),
});

const routeTree = rootRoute.addChildren([
  loginRoute,
  signupRoute,
  accountRoute.addChildren([appsRoute, newRoute, dashboardRoute, wakesRoute, editorRoute]),
]);

export const router = createRouter({
  routeTree,
  context: { queryClient },
  defaultPreload: "intent",
  defaultPreloadStaleTime: 0,
  scrollRestoration: true,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
