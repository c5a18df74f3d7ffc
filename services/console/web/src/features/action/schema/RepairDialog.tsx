import { type FormEvent, useState } from "react";
import { Form } from "react-aria-components";
import { Button } from "@/components/Button";
import { Dialog, DialogActions } from "@/components/Dialog";
import { ProblemNotice } from "@/components/ProblemNotice";
import { TextField } from "@/components/TextField";
import { usePageTexts } from "@/texts/page-texts";
import type { Finding, Values } from "./examined";
import { valuesOf, variableOf } from "./needs";

interface Props {
  finding: Finding;
  isPending: boolean;
  error: unknown;
  onClose: () => void;
  onRepair: (values: Values) => void;
}

/** What only the builder knows, asked before a repair is made. */
export function RepairDialog({ finding, isPending, error, onClose, onRepair }: Props) {
  const { schema: texts, common } = usePageTexts();
  const needs = finding.repair?.needs ?? [];
  const [answers, setAnswers] = useState<Readonly<Record<string, string>>>({});
  const isComplete = needs.every((need) => (answers[need] ?? "").trim() !== "");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (isComplete) onRepair(valuesOf(answers));
  };
  return (
    <Dialog title={finding.repair?.title ?? texts.fix} isOpen onClose={onClose}>
      <Form onSubmit={submit}>
        <p>{finding.message}</p>
        {needs.map((need, place) => {
          const variable = variableOf(need);
          return (
            <TextField
              key={need} label={variable === null ? texts.baseUrl : texts.serverVariable(variable)} isRequired
              hint={variable === null ? texts.baseUrlHint : undefined} autoFocus={place === 0}
              placeholder={variable === null ? "https://api.example.org/v1" : undefined} maxLength={2000}
              value={answers[need] ?? ""} onChange={(text) => setAnswers({ ...answers, [need]: text })}
            />
          );
        })}
        {error !== null && <ProblemNotice error={error} />}
        <DialogActions>
          <Button onPress={onClose}>{common.cancel}</Button>
          <Button kind="primary" type="submit" isPending={isPending} isDisabled={!isComplete}>{texts.fix}</Button>
        </DialogActions>
      </Form>
    </Dialog>
  );
}
