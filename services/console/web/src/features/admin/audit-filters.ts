import type { components } from "@/api/generated";

type Outcome = components["schemas"]["Outcome"];
export const OUTCOMES: readonly Outcome[] = ["succeeded", "failed", "refused", "unknown"];

/** What the address of the page filters by. */
export interface AuditFilters {
  outcome?: Outcome;
  host?: string;
}

export function auditFilters(search: Record<string, unknown>): AuditFilters {
  const outcome = OUTCOMES.find((one) => one === search["outcome"]);
  const host = search["host"];
  return { ...(outcome && { outcome }), ...(typeof host === "string" && host !== "" && { host }) };
}
