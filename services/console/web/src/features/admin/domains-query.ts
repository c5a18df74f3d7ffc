import { queryOptions } from "@tanstack/react-query";
import { api, need, needAnswer } from "@/api/client";
import type { components } from "@/api/generated";
import { type RulesChange, rulesAfter } from "./rules-after";

type Rules = components["schemas"]["DomainRulesView"];

export const domainsQuery = queryOptions({
  queryKey: ["domains"],
  queryFn: ({ signal }) => need(api.GET("/v1/domains", { signal })),
});

/** Change the rules as they are now; refused with 412 where somebody else changes them in that moment. */
export async function changeRules(change: RulesChange): Promise<{ before: Rules; now: Rules }> {
  const { data: before, response } = await needAnswer(api.GET("/v1/domains", { cache: "no-store" }));
  const params = { header: { "if-match": response.headers.get("etag") ?? "" } };
  const now = await need(api.PUT("/v1/domains", { params, body: rulesAfter(before, change) as never }));
  return { before, now };
}
