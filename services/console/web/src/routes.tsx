import { createRootRoute, createRoute, createRouter, redirect } from "@tanstack/react-router";
import { auditFilters } from "./features/admin/audit-filters";
import { domainFilters, memberFilters, searchOnly } from "./features/admin/list-filters";
import { adminConnectionsSearch, myConnectionsSearch } from "./features/connections/connection-filters";
import { NotFound } from "./features/shell/NotFound";
import { PageFailed } from "./features/shell/PageFailed";
import { Shell } from "./features/shell/Shell";
import { GptList } from "./features/start/GptList";
import { gptFilters } from "./features/start/gpt-filters";
import { loadPageTexts } from "./texts/page-texts";

/** A page's module, once its texts are there, too. */
async function withTexts<Page>(page: Promise<Page>): Promise<Page> {
  const [loaded] = await Promise.all([page, loadPageTexts()]);
  return loaded;
}

const root = createRootRoute({ component: Shell, notFoundComponent: NotFound });

const start = createRoute({
  getParentRoute: () => root,
  path: "/",
  validateSearch: gptFilters,
  component: GptList,
});

const gpt = createRoute({
  getParentRoute: () => root,
  path: "/gpts/$gptId",
}).lazy(() => withTexts(import("./features/gpt/gpt.lazy")).then((page) => page.route));

export const newAction = createRoute({
  getParentRoute: () => root,
  path: "/gpts/$gptId/new-action",
}).lazy(() => withTexts(import("./features/action/new-action.lazy")).then((page) => page.route));

export const action = createRoute({
  getParentRoute: () => root,
  path: "/gpts/$gptId/actions/$actionId",
}).lazy(() => withTexts(import("./features/action/action.lazy")).then((page) => page.route));

const admin = createRoute({
  getParentRoute: () => root,
  path: "/admin",
}).lazy(() => withTexts(import("./features/admin/admin.lazy")).then((page) => page.layout));

const account = createRoute({
  getParentRoute: () => root,
  path: "/account",
}).lazy(() => withTexts(import("./features/account/account.lazy")).then((all) => all.account));

const connections = createRoute({
  getParentRoute: () => root,
  path: "/connections",
  validateSearch: myConnectionsSearch,
}).lazy(() => withTexts(import("./features/connections/connections.lazy")).then((page) => page.route));

const adminIndex = createRoute({
  getParentRoute: () => admin,
  path: "/",
  beforeLoad: () => { throw redirect({ to: "/admin/domains", replace: true }); },
});
const operator = createRoute({
  getParentRoute: () => root,
  path: "/operator",
}).lazy(() => withTexts(import("./features/operator/operator.lazy")).then((page) => page.route));

const adminPages = () => withTexts(import("./features/admin/admin.lazy"));
const of = { getParentRoute: () => admin };
const domains = createRoute({ ...of, path: "/domains", validateSearch: domainFilters });
const members = createRoute({ ...of, path: "/members", validateSearch: memberFilters });
const adminGpts = createRoute({ ...of, path: "/gpts", validateSearch: searchOnly });
const adminConnections = createRoute({ ...of, path: "/connections", validateSearch: adminConnectionsSearch });
const tokens = createRoute({ ...of, path: "/tokens", validateSearch: searchOnly });
const settings = createRoute({ ...of, path: "/settings" });
const audit = createRoute({ getParentRoute: () => admin, path: "/audit", validateSearch: auditFilters });

export const router = createRouter({
  routeTree: root.addChildren([
    start, gpt, newAction, action, account, connections, operator,
    admin.addChildren([
      adminIndex,
      domains.lazy(() => adminPages().then((all) => all.domains)),
      members.lazy(() => adminPages().then((all) => all.members)),
      adminGpts.lazy(() => adminPages().then((all) => all.gpts)),
      adminConnections.lazy(() => adminPages().then((all) => all.connections)),
      tokens.lazy(() => adminPages().then((all) => all.tokens)),
      settings.lazy(() => adminPages().then((all) => all.settings)),
      audit.lazy(() => adminPages().then((all) => all.audit)),
    ]),
  ]),
  defaultPreload: "intent",
  defaultErrorComponent: PageFailed,
  scrollRestoration: true,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
