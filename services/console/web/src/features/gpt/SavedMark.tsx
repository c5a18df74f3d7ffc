import { Badge } from "@/components/Badge";
import { usePageTexts } from "@/texts/page-texts";
import type { DraftView } from "./draft-store";

export function SavedMark({ saving }: { saving: DraftView["saving"] }) {
  const { gpt: texts } = usePageTexts();
  return (
    <span role="status">
      <Badge kind={saving === "failed" ? "danger" : "plain"}>{texts.saving[saving]}</Badge>
    </span>
  );
}
