import { queryOptions } from "@tanstack/react-query";
import { api, need } from "@/api/client";
import type { components } from "@/api/generated";
import type { JsonSchema } from "./argument-fields";

export type Called = components["schemas"]["InvocationView"];
export type LeftOut = components["schemas"]["LeftOutView"];

/** A tool as MCP shows it. */
export interface Tool {
  name: string;
  description: string;
  inputSchema: JsonSchema;
  annotations?: { readOnlyHint?: boolean };
}

/** What a model is able to call with the draft or what is published, and what it is not, with the reason. */
export const toolsQuery = (gptId: string, stage: "draft" | "published" = "draft") =>
  queryOptions({
    queryKey: ["gpt", gptId, "tools", stage],
    queryFn: async ({ signal }) => {
      const query = { gpt_id: gptId, stage, format: "mcp", limit: 100 } as const;
      const answer = await need(api.GET("/v1/tools", { params: { query }, signal }));
      return { tools: answer.tools as unknown as Tool[], leftOut: answer.left_out };
    },
  });

/** The tool of one operation, as the schema's service describes it, by the operation's name. */
export const toolOfOperationQuery = (schemaId: string, name: string) =>
  queryOptions({
    queryKey: ["schema", schemaId, "tool", name],
    queryFn: async ({ signal }): Promise<Tool | null> => {
      const params = { path: { schema_id: schemaId }, query: { flavour: "mcp", operation: [name] } };
      const { tools } = await need(api.GET("/v1/schemas/{schema_id}/tools", { params: params as never, signal }));
      return (tools[0]?.definition as unknown as Tool | undefined) ?? null;
    },
  });

const MAX_PAGES = 8;

/** About how many tokens each operation's tool takes, by name; of the first thousand. */
export const tokensQuery = (schemaId: string) =>
  queryOptions({
    queryKey: ["schema", schemaId, "tokens"],
    queryFn: async ({ signal }): Promise<ReadonlyMap<string, number>> => {
      const tokens = new Map<string, number>();
      let cursor: string | null | undefined;
      for (let page = 0; page < MAX_PAGES && cursor !== null; page += 1) {
        const params = { path: { schema_id: schemaId }, query: { ...(cursor && { cursor }) } };
        const read = await need(api.GET("/v1/schemas/{schema_id}/tools", { params: params as never, signal }));
        for (const tool of read.tools) tokens.set(tool.name, tool.tokens);
        cursor = read.next_cursor ?? null;
      }
      return tokens;
    },
    staleTime: Infinity,
  });

export interface Call {
  gptId: string;
  operation: string;
  args: Record<string, unknown>;
  /** With it, `operation` is the operation's name in the action's schema. */
  actionId?: string;
}

/** Calls the draft. */
export function invoke({ gptId, operation, args, actionId }: Call): Promise<Called> {
  const body = {
    gpt_id: gptId, operation, arguments: args, stage: "draft", ...(actionId !== undefined && { action_id: actionId }),
  };
  return need(api.POST("/v1/invocations", { body: body as never })) as Promise<Called>;
}

/** What the audit trail says of a call; it is written a moment after the answer. */
export const recordQuery = (id: string) =>
  queryOptions({
    queryKey: ["call", id],
    queryFn: ({ signal }) =>
      need(api.GET("/v1/invocations/{invocation_id}", {
        params: { path: { invocation_id: id }, header: { prefer: ["wait=5"] } }, signal,
      })),
    retry: 2,
    staleTime: Infinity,
  });
