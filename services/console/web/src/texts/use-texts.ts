import { createContext, use } from "react";
import { de } from "./de";
import { en, type Texts } from "./en";

/** German for whoever prefers it to English; else English. */
export function preferredTexts(languages: readonly string[] = navigator.languages): Texts {
  const known = languages.map((tag) => tag.slice(0, 2).toLowerCase());
  return known.find((tag) => tag === "de" || tag === "en") === "de" ? de : en;
}

export const TextsContext = createContext<Texts>(en);

export function useTexts(): Texts {
  return use(TextsContext);
}
