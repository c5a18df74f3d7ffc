import { api, need } from "@/api/client";
import type { components } from "@/api/generated";

export type Examined = components["schemas"]["ExaminedView"];
export type Finding = components["schemas"]["FindingView"];
export type Operation = components["schemas"]["OperationView"];
export type Values = components["schemas"]["Values"];

/** Everything about a text, without keeping it. */
export function examine(text: string, values: Values, signal: AbortSignal): Promise<Examined> {
  return need(api.POST("/v1/schemas/validate", { body: { text, values } as never, signal }));
}
