import { type FormEvent, useState } from "react";
import { Form } from "react-aria-components";
import { useTexts } from "@/texts/use-texts";
import { Button } from "./Button";
import { Dialog, DialogActions } from "./Dialog";
import { ProblemNotice } from "./ProblemNotice";
import { TextField } from "./TextField";

interface Props {
  title: string;
  hint: string;
  /** What has to be typed. */
  name: string;
  /** What the button says; "Delete" where it is left out. */
  action?: string;
  isOpen: boolean;
  isPending: boolean;
  error: unknown;
  onClose: () => void;
  onConfirm: () => void;
}

/** Before something is destroyed for good: the button works once its name was typed. */
export function ConfirmByName(props: Props) {
  return props.isOpen ? <Question key={props.name} {...props} /> : null;
}

function Question({ title, hint, name, action, isOpen, isPending, error, onClose, onConfirm }: Props) {
  const { common } = useTexts();
  const [typed, setTyped] = useState("");
  const isRight = typed.trim() === name.trim();
  const submit = (event: FormEvent) => event.preventDefault(); // Enter never confirms
  return (
    <Dialog title={title} isOpen={isOpen} onClose={onClose} isAlert>
      <Form onSubmit={submit}>
        <p>{hint}</p>
        <TextField label={common.typeName(name)} value={typed} onChange={setTyped} autoFocus />
        {error !== null && <ProblemNotice error={error} />}
        <DialogActions>
          <Button onPress={onClose}>{common.cancel}</Button>
          <Button kind="danger" isDisabled={!isRight} isPending={isPending} onPress={onConfirm}>
            {action ?? common.remove}
          </Button>
        </DialogActions>
      </Form>
    </Dialog>
  );
}
