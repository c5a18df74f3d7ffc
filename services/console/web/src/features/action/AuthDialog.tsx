import { type FormEvent, useState } from "react";
import { Form } from "react-aria-components";
import { Button } from "@/components/Button";
import { Choice } from "@/components/Choice";
import { Dialog, DialogActions } from "@/components/Dialog";
import { ProblemNotice } from "@/components/ProblemNotice";
import { TextField } from "@/components/TextField";
import { usePageTexts } from "@/texts/page-texts";
import { type AuthForm, bodyOf, type CredentialBody, EMPTY_AUTH } from "./auth-form";

interface Props {
  isOpen: boolean;
  isPending: boolean;
  error: unknown;
  onClose: () => void;
  onSave: (body: CredentialBody) => void;
}

export function AuthDialog({ isOpen, isPending, error, onClose, onSave }: Props) {
  const { auth: texts, common } = usePageTexts();
  const [form, setForm] = useState<AuthForm>(EMPTY_AUTH);
  const change = (part: Partial<AuthForm>) => setForm({ ...form, ...part });
  const body = bodyOf(form);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (body !== null) onSave(body);
  };
  return (
    <Dialog title={texts.title} isOpen={isOpen} onClose={onClose}>
      <Form onSubmit={submit}>
        <Choice
          label={texts.type} value={form.method} options={texts.types}
          onChange={(method) => change({ method })}
        />
        {form.method === "api_key" && <ApiKeyFields form={form} onChange={change} />}
        {error !== null && <ProblemNotice error={error} />}
        <DialogActions>
          <Button onPress={onClose}>{common.cancel}</Button>
          <Button kind="primary" type="submit" isPending={isPending} isDisabled={body === null}>
            {common.save}
          </Button>
        </DialogActions>
      </Form>
    </Dialog>
  );
}

interface FieldsProps {
  form: AuthForm;
  onChange: (part: Partial<AuthForm>) => void;
}

function ApiKeyFields({ form, onChange }: FieldsProps) {
  const { auth: texts } = usePageTexts();
  const isNamed = form.placement === "custom" || form.placement === "query";
  return (
    <>
      <Choice
        label={texts.authType} value={form.placement} options={texts.placements}
        onChange={(placement) => onChange({ placement })}
      />
      {isNamed && (
        <TextField
          label={texts.names[form.placement as "custom" | "query"]} value={form.name} isRequired
          placeholder={form.placement === "custom" ? "X-Api-Key" : "api_key"}
          onChange={(name) => onChange({ name })}
        />
      )}
      {form.placement === "basic" ? (
        <>
          <TextField label={texts.username} value={form.username} isRequired onChange={(username) => onChange({ username })} />
          <TextField label={texts.password} value={form.password} type="password" onChange={(password) => onChange({ password })} />
        </>
      ) : (
        <TextField
          label={texts.key} hint={texts.keyHint} value={form.key} type="password" isRequired
          onChange={(key) => onChange({ key })}
        />
      )}
    </>
  );
}
