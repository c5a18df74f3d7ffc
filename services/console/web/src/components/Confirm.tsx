import { useTexts } from "@/texts/use-texts";
import { Button } from "./Button";
import { Dialog, DialogActions } from "./Dialog";
import { ProblemNotice } from "./ProblemNotice";

interface Props {
  title: string;
  /** What happens then. */
  hint: string;
  /** What the button says: the verb. */
  action: string;
  isPending?: boolean;
  error?: unknown;
  onClose: () => void;
  onConfirm: () => void;
}

/** Before something that many notice and that can be taken back. Enter does not confirm. */
export function Confirm({ title, hint, action, isPending = false, error = null, onClose, onConfirm }: Props) {
  const { common } = useTexts();
  return (
    <Dialog title={title} isOpen onClose={onClose} isAlert>
      <p>{hint}</p>
      {error !== null && <ProblemNotice error={error} />}
      <DialogActions>
        <Button onPress={onClose}>{common.cancel}</Button>
        <Button kind="danger" isPending={isPending} onPress={onConfirm}>{action}</Button>
      </DialogActions>
    </Dialog>
  );
}
