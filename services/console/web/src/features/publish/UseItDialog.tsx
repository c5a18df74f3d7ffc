import { Button } from "@/components/Button";
import { Dialog, DialogActions } from "@/components/Dialog";
import type { Gpt } from "@/features/gpt/gpt";
import { usePageTexts } from "@/texts/page-texts";
import { UseIt } from "./UseIt";

interface Props {
  gpt: Gpt;
  title: string;
  onClose: () => void;
  onUnpublish: () => void;
}

/** How what is published is called, and the way to take it back. */
export function UseItDialog({ gpt, title, onClose, onUnpublish }: Props) {
  const { publish: texts, common } = usePageTexts();
  return (
    <Dialog title={title} isOpen onClose={onClose} isWide>
      <UseIt gpt={gpt} />
      <DialogActions>
        <Button kind="quiet" onPress={onUnpublish}>{texts.unpublish}</Button>
        <Button kind="primary" onPress={onClose}>{common.close}</Button>
      </DialogActions>
    </Dialog>
  );
}
