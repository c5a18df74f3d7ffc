import { createRootRoute, createRoute, createRouter } from "@tanstack/react-router";
import { Landing } from "./features/landing/Landing";
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

export const router = createRouter({
  routeTree: root.addChildren([start]),
  defaultPreload: "intent",
  scrollRestoration: true,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}

export { Landing };
