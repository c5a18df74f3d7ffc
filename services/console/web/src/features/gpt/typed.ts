import type { Typed } from "./draft-store";

const KEY = "openactions.typed.";

/** What was typed into a GPT in this browser and is not stored yet; null where all of it is. */
export function typedBefore(gptId: string): Typed | null {
  const kept = localStorage.getItem(KEY + gptId);
  return kept === null ? null : (JSON.parse(kept) as Typed);
}

/** A full or forbidden storage loses nothing but the memory over a reload. */
export function rememberTyped(gptId: string, typed: Typed | null): void {
  try {
    if (typed === null) localStorage.removeItem(KEY + gptId);
    else localStorage.setItem(KEY + gptId, JSON.stringify(typed));
  } catch {
    // What is typed stays on the page.
  }
}
