import type { components } from "@/api/generated";

type Outcome = components["schemas"]["Outcome"];
export const OUTCOMES: readonly Outcome[] = ["succeeded", "failed", "refused", "unknown"];
export const DAYS = [1, 7, 30] as const;
const TEXTS = ["host", "operation", "gpt_id", "member_id"] as const;

/** What the address of the page filters by; `days` counts back from now. */
export interface AuditFilters {
  outcome?: Outcome;
  days?: (typeof DAYS)[number];
  host?: string;
  operation?: string;
  gpt_id?: string;
  member_id?: string;
}

export function auditFilters(search: Record<string, unknown>): AuditFilters {
  const outcome = OUTCOMES.find((one) => one === search["outcome"]);
  const days = DAYS.find((one) => one === Number(search["days"]));
  const texts = TEXTS.flatMap((name) => {
    const text = search[name];
    return typeof text === "string" && text !== "" ? [[name, text]] : [];
  });
  return { ...(outcome && { outcome }), ...(days && { days }), ...Object.fromEntries(texts) };
}

/** As the API is asked; the beginning of a minute, so that the same page asks the same. */
export function queryOf({ days, ...filters }: AuditFilters, now: Date) {
  if (days === undefined) return filters;
  const since = new Date(now.getTime() - days * 86_400_000);
  since.setUTCSeconds(0, 0);
  return { ...filters, since: since.toISOString() };
}
