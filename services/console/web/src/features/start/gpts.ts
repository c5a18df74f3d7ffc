import { infiniteQueryOptions, keepPreviousData } from "@tanstack/react-query";
import { api, need } from "@/api/client";
import type { components } from "@/api/generated";
import type { GptState } from "./gpt-filters";

export type GptSummary = components["schemas"]["GptSummaryView"];
export const PAGE_SIZE = 100;

/** GPTs that one may use, newest first; while another search is under way, the last one's stay. */
export const gptsQuery = (q: string, state?: GptState) =>
  infiniteQueryOptions({
    queryKey: ["gpts", q, state],
    queryFn: ({ pageParam, signal }) =>
      need(api.GET("/v1/gpts", {
        params: { query: { q, limit: PAGE_SIZE, ...(state && { published: state === "published" }), ...(pageParam === null ? {} : { cursor: pageParam }) } },
        signal,
      })),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor ?? null,
    placeholderData: keepPreviousData,
  });

const COUNTED_AT_ONCE = 50;

/** The calls of the last days, of the GPT and those that are listed around it: one request for 50. */
export const callsQuery = (gpts: readonly GptSummary[], gpt: GptSummary) => {
  const at = gpts.indexOf(gpt);
  const first = at - (at % COUNTED_AT_ONCE);
  const ids = gpts.slice(first, first + COUNTED_AT_ONCE).map((one) => one.id);
  return {
    queryKey: ["calls", ids],
    queryFn: () => need(api.GET("/v1/invocations/counts", { params: { query: { gpt_id: ids } } })),
    staleTime: 60_000,
  };
};
