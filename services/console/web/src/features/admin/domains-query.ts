import { queryOptions } from "@tanstack/react-query";
import { api, need } from "@/api/client";

export const domainsQuery = queryOptions({
  queryKey: ["domains"],
  queryFn: ({ signal }) => need(api.GET("/v1/domains", { signal })),
});
