import { infiniteQueryOptions } from "@tanstack/react-query";
import { api, need } from "@/api/client";
import type { components } from "@/api/generated";

export type GptSummary = components["schemas"]["GptSummaryView"];

/** GPTs that one may use, newest first, a page of 50 at a time. */
export const gptsQuery = (q: string) =>
  infiniteQueryOptions({
    queryKey: ["gpts", q],
    queryFn: ({ pageParam, signal }) =>
      need(api.GET("/v1/gpts", {
        params: { query: { q, limit: 50, ...(pageParam === null ? {} : { cursor: pageParam }) } },
        signal,
      })),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor ?? null,
  });
