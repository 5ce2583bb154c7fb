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
import { infoQuery, meQuery } from "@/features/auth/api/auth";
import { type ExplorerSearch, readExplorerSearch } from "@/features/databases/search";
import { ApiError } from "@/lib/api/problem";
import { queryClient } from "@/lib/query";
import { optional, safeNext } from "@/lib/search";
import { AccountLayout } from "./routes/account";
import { type AdminSearch, admit, readAdmin } from "./routes/admin-search";
import { AppsScreen } from "./routes/apps";
import { type AppsSearch, appsSearch } from "./routes/apps-search";
import { readDashboardSearch, text } from "./routes/dashboard-search";
import { editorSearch } from "./routes/editor-search";
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
  validateSearch: appsSearch,
  component: AppsScreen,
});

const trashRoute = createRoute({
  getParentRoute: () => accountRoute,
  path: "/trash",
  component: lazyRouteComponent(() => import("./routes/trash"), "TrashScreen"),
});

const newRoute = createRoute({
  getParentRoute: () => accountRoute,
  path: "/new",
  component: lazyRouteComponent(() => import("./routes/new"), "NewScreen"),
});

const dashboardRoute = createRoute({
  getParentRoute: () => accountRoute,
  path: "/apps/$name",
  validateSearch: readDashboardSearch,
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

const databasesRoute = createRoute({
  getParentRoute: () => accountRoute,
  path: "/databases",
  component: lazyRouteComponent(() => import("./routes/databases"), "DatabasesScreen"),
});

const databaseRoute = createRoute({
  getParentRoute: () => accountRoute,
  path: "/databases/$database",
  validateSearch: (search): ExplorerSearch => readExplorerSearch(search),
  component: lazyRouteComponent(() => import("./routes/databases"), "DatabaseScreen"),
});

const deviceRoute = createRoute({
  getParentRoute: () => accountRoute,
  path: "/device",
  validateSearch: (search): { code?: string } => optional({ code: text(search.code) }),
  component: lazyRouteComponent(() => import("./routes/device"), "DeviceScreen"),
});

const editorRoute = createRoute({
  getParentRoute: () => accountRoute,
  path: "/apps/$name/edit",
  validateSearch: editorSearch,
  component: lazyRouteComponent(() => import("./routes/editor"), "EditorScreen"),
});

const adminRoute = createRoute({
  getParentRoute: () => accountRoute,
  path: "/admin",
  beforeLoad: () => {
    throw redirect({ to: "/admin/$section", params: { section: "overview" }, replace: true });
  },
});

const adminSectionRoute = createRoute({
  getParentRoute: () => accountRoute,
  path: "/admin/$section",
  validateSearch: (search): AppsSearch & AdminSearch => ({ ...appsSearch(search), ...readAdmin(search) }),
  beforeLoad: admit,
  component: lazyRouteComponent(() => import("./routes/admin"), "AdminScreen"),
});

const ownAccountRoute = createRoute({
  getParentRoute: () => accountRoute,
  path: "/account",
  component: lazyRouteComponent(() => import("./routes/own-account"), "OwnAccountScreen"),
});

const routeTree = rootRoute.addChildren([
  loginRoute,
  signupRoute,
  accountRoute.addChildren([
    appsRoute,
    trashRoute,
    newRoute,
    dashboardRoute,
    wakesRoute,
    databasesRoute,
    databaseRoute,
    deviceRoute,
    editorRoute,
    adminRoute,
    adminSectionRoute,
    ownAccountRoute,
  ]),
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
