import { Button } from "@/components/Button";
import { usePageTexts } from "@/texts/page-texts";
import type { DraftStore, DraftView } from "./draft-store";

/** One step back or forward. The focus stays where it is when there is no further step. */
export function UndoRedo({ view, draft }: { view: DraftView; draft: DraftStore }) {
  const { gpt: texts } = usePageTexts();
  return (
    <>
      <Button aria-disabled={!view.canUndo} onPress={() => draft.undo()}>{texts.undo}</Button>
      <Button aria-disabled={!view.canRedo} onPress={() => draft.redo()}>{texts.redo}</Button>
    </>
  );
}
