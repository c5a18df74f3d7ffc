import { useTexts } from "@/texts/use-texts";

/** A moment in words of the reader's language; the exact one is its title. */
export function Time({ at }: { at: string }) {
  const { language } = useTexts();
  const exact = new Date(at);
  return (
    <time dateTime={at} title={exact.toLocaleString(language)}>
      {new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "short" }).format(exact)}
    </time>
  );
}
