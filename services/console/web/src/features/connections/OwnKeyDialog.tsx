import { useMutation, useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { Form } from "react-aria-components";
import { type OwnKeyForm, readOwnKeyForm, setOwnKey } from "@/api/connections";
import { shownHost } from "@/api/host";
import { Button } from "@/components/Button";
import { Dialog, DialogActions } from "@/components/Dialog";
import { Loading } from "@/components/Loading";
import { Notice } from "@/components/Notice";
import { ProblemNotice } from "@/components/ProblemNotice";
import { TextField } from "@/components/TextField";
import { usePageTexts } from "@/texts/page-texts";

interface Props {
  actionId: string;
  onClose: () => void;
  /** With the host of the API. */
  onSaved: (service: string) => void;
}

/** A key of one's own for an action, which says what its values are called. */
export function OwnKeyDialog({ actionId, onClose, onSaved }: Props) {
  const { connections: texts, common } = usePageTexts();
  const form = useQuery({
    queryKey: ["connections", "keys", actionId],
    queryFn: ({ signal }) => readOwnKeyForm(actionId, signal),
    staleTime: 0,
  });
  return (
    <Dialog title={form.data === undefined ? texts.kinds.key : texts.keyTitle(shownHost(form.data.service))} isOpen onClose={onClose}>
      {form.isPending && <Loading rows={2} />}
      {form.isError && (
        <>
          <ProblemNotice error={form.error} onRetry={() => void form.refetch()} />
          <DialogActions><Button onPress={onClose}>{common.close}</Button></DialogActions>
        </>
      )}
      {form.data !== undefined && <Values actionId={actionId} form={form.data} onClose={onClose} onSaved={onSaved} />}
    </Dialog>
  );
}

function Values({ actionId, form, onClose, onSaved }: Props & { form: OwnKeyForm }) {
  const { connections: texts, common } = usePageTexts();
  const [values, setValues] = useState<readonly string[]>(form.labels.map(() => ""));
  const save = useMutation({
    mutationFn: () => setOwnKey(actionId, [...values], form.version),
    onSuccess: () => onSaved(form.service),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate();
  };
  const write = (place: number, value: string) => setValues(values.map((one, other) => (other === place ? value : one)));
  /** A user name is read while it is typed; everything else is a secret. */
  const isShown = (place: number) => form.placement === "basic" && place === 0;
  const isWhole = form.placement === "basic" ? values[0] !== "" : values.every((value) => value !== "");
  return (
    <Form onSubmit={submit}>
      {form.is_set && <Notice kind="note" title={texts.keyIsSet} />}
      {form.labels.map((label, place) => (
        <TextField
          key={place} label={label} value={values[place] ?? ""} autoComplete="off" type={isShown(place) ? "text" : "password"}
          autoFocus={place === 0} hint={place === form.labels.length - 1 ? texts.keyHint : undefined}
          onChange={(value) => write(place, value)}
        />
      ))}
      {save.isError && <ProblemNotice error={save.error} />}
      <DialogActions>
        <Button onPress={onClose}>{common.cancel}</Button>
        <Button kind="primary" type="submit" isPending={save.isPending} isDisabled={!isWhole}>{common.save}</Button>
      </DialogActions>
    </Form>
  );
}
