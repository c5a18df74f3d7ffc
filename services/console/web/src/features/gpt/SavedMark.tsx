import { Badge } from "@/components/Badge";
import { useTexts } from "@/texts/use-texts";
import type { DraftView } from "./draft-store";

export function SavedMark({ saving }: { saving: DraftView["saving"] }) {
  const { gpt: texts } = useTexts();
  return (
    <span role="status">
      <Badge kind={saving === "failed" ? "danger" : "plain"}>{texts.saving[saving]}</Badge>
    </span>
  );
}
