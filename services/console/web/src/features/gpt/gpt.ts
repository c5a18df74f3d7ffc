import { queryOptions } from "@tanstack/react-query";
import { api, needAnswer } from "@/api/client";
import type { components } from "@/api/generated";
import { Problem } from "@/api/problem";
import type { Change, Fields } from "./draft";

export type Gpt = components["schemas"]["GptView"];
export type Action = components["schemas"]["ActionView"];
export interface Read {
  gpt: Gpt;
  etag: string;
}

export const gptQuery = (id: string) =>
  queryOptions({ queryKey: ["gpt", id], queryFn: ({ signal }) => readGpt(id, signal) });

export async function readGpt(id: string, signal?: AbortSignal): Promise<Read> {
  const asked = api.GET("/v1/gpts/{gpt_id}", { params: { path: { gpt_id: id } }, ...(signal && { signal }) });
  const { data, response } = await needAnswer(asked);
  if (!("revision" in data)) {
    throw new Problem({
      status: 403,
      code: "console.settings_not_shared",
      detail: "You may use this GPT, but not see how it is set up.",
      hint: "Ask its owner to let you view its settings.",
    });
  }
  return { gpt: data, etag: etagOf(response) };
}

/** Refused with 412 `platform.changed_meanwhile` where somebody changed it since `etag`. */
export async function patchGpt(id: string, change: Change, etag: string): Promise<Read> {
  const { data, response } = await needAnswer(
    api.PATCH("/v1/gpts/{gpt_id}", {
      params: { path: { gpt_id: id }, header: { "if-match": etag } },
      body: { ...change, ...(change.starters && { starters: [...change.starters] }) } as never,
    }),
  );
  return { gpt: data, etag: etagOf(response) };
}

export function fieldsOf(gpt: Gpt): Fields {
  const { name, description, instructions, starters } = gpt;
  return { name, description, instructions, starters };
}

/** Which its actions call. */
export function hostsOf({ actions }: Gpt): readonly string[] {
  return [...new Set(actions.flatMap(({ origins }) => origins.map((origin) => new URL(origin).hostname)))];
}

function etagOf(response: Response): string {
  return response.headers.get("etag") ?? "";
}
