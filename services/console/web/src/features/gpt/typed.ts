import type { Typed } from "./draft-store";

/** What a member typed into a GPT in this browser and is not stored yet; null where all of it is. */
export function typedBefore(key: string): Typed | null {
  const kept = localStorage.getItem(key);
  return kept === null ? null : (JSON.parse(kept) as Typed);
}

/** A full or forbidden storage loses nothing but the memory over a reload. */
export function rememberTyped(key: string, typed: Typed | null): void {
  try {
    if (typed === null) localStorage.removeItem(key);
    else localStorage.setItem(key, JSON.stringify(typed));
  } catch {
    // What is typed stays on the page.
  }
}
