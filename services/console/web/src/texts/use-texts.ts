import { createContext, use } from "react";
import { en, type Texts } from "./en";

/** German for whoever prefers it to English, and only then fetched; else English. */
export async function preferredTexts(languages: readonly string[] = navigator.languages): Promise<Texts> {
  const known = languages.map((tag) => tag.slice(0, 2).toLowerCase());
  const wanted = known.find((tag) => tag === "de" || tag === "en");
  return wanted === "de" ? (await import("./de")).de : en;
}

export const TextsContext = createContext<Texts>(en);

export function useTexts(): Texts {
  return use(TextsContext);
}
