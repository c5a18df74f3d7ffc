import { Button } from "@/components/Button";
import { Notice } from "@/components/Notice";
import { usePageTexts } from "@/texts/page-texts";
import type { TypedSchema } from "./use-typed-schema";

/** That the text is what one typed before, and a way back to what is saved. */
export function KeptNotice({ typed }: { typed: TypedSchema }) {
  const { schema: texts } = usePageTexts();
  if (typed.found === "none") return null;
  const hint = typed.found === "overtaken" ? texts.keptOvertaken : texts.keptHint;
  return (
    <Notice kind={typed.found === "overtaken" ? "warning" : "note"} title={texts.kept} hint={hint}>
      <Button onPress={typed.discard}>{texts.discard}</Button>
    </Notice>
  );
}
