import { queryOptions } from "@tanstack/react-query";
import { api, need } from "@/api/client";

/** Names of GPTs by their ids, of the newest hundred. */
export const gptNamesQuery = queryOptions({
  queryKey: ["gpts", "names"],
  queryFn: async ({ signal }): Promise<ReadonlyMap<string, string>> => {
    const page = await need(api.GET("/v1/gpts", { params: { query: { limit: 100 } }, signal }));
    return new Map(page.items.map((gpt) => [gpt.id, gpt.name]));
  },
  staleTime: 60_000,
});

/** Names of members by their ids; of those beyond the first hundred, the id is shown. */
export const memberNamesQuery = queryOptions({
  queryKey: ["members", "names"],
  queryFn: async ({ signal }): Promise<ReadonlyMap<string, string>> => {
    const page = await need(api.GET("/v1/members", { params: { query: { limit: 100 } }, signal }));
    return new Map(page.items.map((member) => [member.id, member.name]));
  },
  staleTime: 60_000,
});
