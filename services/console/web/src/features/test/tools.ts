import { queryOptions } from "@tanstack/react-query";
import { api, need } from "@/api/client";
import type { components } from "@/api/generated";
import type { JsonSchema } from "./argument-fields";

export type Outcome = components["schemas"]["InvocationView"];
export type LeftOut = components["schemas"]["LeftOutView"];

/** A tool as MCP shows it. */
export interface Tool {
  name: string;
  description: string;
  inputSchema: JsonSchema;
}

/** What a model would be able to call with the draft, and what it would not, with the reason. */
export const toolsQuery = (gptId: string) =>
  queryOptions({
    queryKey: ["gpt", gptId, "tools"],
    queryFn: async ({ signal }) => {
      const query = { gpt_id: gptId, stage: "draft", format: "mcp", limit: 100 } as const;
      const answer = await need(api.GET("/v1/tools", { params: { query }, signal }));
      return { tools: answer.tools as unknown as Tool[], leftOut: answer.left_out };
    },
  });

export function invoke(gptId: string, operation: string, args: Record<string, unknown>): Promise<Outcome> {
  const body = { gpt_id: gptId, operation, arguments: args, stage: "draft" };
  return need(api.POST("/v1/invocations", { body: body as never })) as Promise<Outcome>;
}
