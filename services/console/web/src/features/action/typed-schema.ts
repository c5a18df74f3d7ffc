/** A browser keeps about five million characters for all of us together. */
const MAX_LENGTH = 1_500_000;

export interface Kept {
  /** The schema that the text was typed over; empty for a new one. */
  of: string;
  text: string;
}

/** A schema that was typed in this browser and is not saved yet; null where there is none. */
export function keptSchema(key: string): Kept | null {
  const kept = localStorage.getItem(key);
  return kept === null ? null : (JSON.parse(kept) as Kept);
}

/** Null once it is saved. What cannot be kept stays on the page, and is lost with it alone. */
export function keepSchema(key: string, kept: Kept | null): void {
  try {
    if (kept === null || kept.text.length > MAX_LENGTH) localStorage.removeItem(key);
    else localStorage.setItem(key, JSON.stringify(kept));
  } catch {
    // A full or forbidden storage.
  }
}
