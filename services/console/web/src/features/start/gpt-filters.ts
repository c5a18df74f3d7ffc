export const STATES = ["published", "draft"] as const;
export type GptState = (typeof STATES)[number];
export interface GptFilters {
  q?: string;
  state?: GptState;
}

/** What the address of the list searches and filters for. */
export function gptFilters(search: Record<string, unknown>): GptFilters {
  const q = search["q"];
  const state = STATES.find((one) => one === search["state"]);
  return { ...(typeof q === "string" && q !== "" && { q }), ...(state && { state }) };
}
