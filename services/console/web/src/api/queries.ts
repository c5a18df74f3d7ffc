import { QueryClient } from "@tanstack/react-query";
import { Problem } from "./problem";

/** What was read is shown at once and read again when one returns to it. */
export const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 10_000,
      retry: (failures, error) => failures < 3 && isTransient(error),
    },
    mutations: { retry: false },
  },
});

/** Whether the same question may be answered a moment later. Changes are never sent again. */
function isTransient(error: unknown): boolean {
  return error instanceof Problem && [0, 429, 502, 503, 504].includes(error.status);
}
