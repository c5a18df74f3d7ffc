import type { Texts } from "./en";
import type { PageTexts } from "./pages-en";
import { preferredTexts } from "./use-texts";

let texts: (Texts & PageTexts) | undefined;

/** Fetch the texts of the pages, in the reader's language; a route does so before it shows a page. */
export async function loadPageTexts(): Promise<void> {
  if (texts !== undefined) return;
  const start = await preferredTexts();
  const pages = start.language === "de" ? (await import("./pages-de")).de : (await import("./pages-en")).en;
  texts = { ...start, ...pages };
}

/** All texts. The start page, and what stands around every page, uses `useTexts`. */
export function usePageTexts(): Texts & PageTexts {
  if (texts === undefined) throw new Error("A page is shown before `loadPageTexts` ended.");
  return texts;
}
