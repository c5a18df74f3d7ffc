import { QueryClient } from "@tanstack/react-query";
import { Problem } from "./problem";

/** What was read is shown at once and read again when one returns to it. */
export const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 10_000,
      retry: (failures, error) => failures < 3 && error instanceof Problem && error.isTransient,
    },
    mutations: { retry: false },
  },
});
