import { createRootRoute, createRoute, createRouter } from "@tanstack/react-router";
import { GptPage } from "./features/gpt/GptPage";
import { NotFound } from "./features/shell/NotFound";
import { Shell } from "./features/shell/Shell";
import { GptList } from "./features/start/GptList";

const root = createRootRoute({ component: Shell, notFoundComponent: NotFound });

const start = createRoute({
  getParentRoute: () => root,
  path: "/",
  validateSearch: (search: Record<string, unknown>): { q?: string } =>
    typeof search["q"] === "string" && search["q"] !== "" ? { q: search["q"] } : {},
  component: GptList,
});

const gpt = createRoute({ getParentRoute: () => root, path: "/gpts/$gptId", component: GptPage });

export const newAction = createRoute({
  getParentRoute: () => root,
  path: "/gpts/$gptId/new-action",
}).lazy(() => import("./features/action/new-action.lazy").then((page) => page.route));

export const action = createRoute({
  getParentRoute: () => root,
  path: "/gpts/$gptId/actions/$actionId",
}).lazy(() => import("./features/action/action.lazy").then((page) => page.route));

export const router = createRouter({
  routeTree: root.addChildren([start, gpt, newAction, action]),
  defaultPreload: "intent",
  scrollRestoration: true,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
