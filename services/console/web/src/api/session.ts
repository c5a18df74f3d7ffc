import { queryOptions } from "@tanstack/react-query";
import type { components } from "./generated";
import { api, need } from "./client";
import { Problem } from "./problem";

export type Session = components["schemas"]["SessionView"];

/** Who is signed in; null for nobody. */
export const sessionQuery = queryOptions({
  queryKey: ["session"],
  queryFn: async ({ signal }): Promise<Session | null> => {
    try {
      return await need(api.GET("/v1/session", { signal }));
    } catch (error) {
      if (error instanceof Problem && error.status === 401) return null;
      throw error;
    }
  },
  staleTime: 60_000,
});
