import { type FormEvent, useState } from "react";
import { Form } from "react-aria-components";
import { Button } from "@/components/Button";
import { Choice } from "@/components/Choice";
import { Dialog, DialogActions } from "@/components/Dialog";
import { Notice } from "@/components/Notice";
import { ProblemNotice } from "@/components/ProblemNotice";
import { Select } from "@/components/Select";
import { Problem } from "@/api/problem";
import { usePageTexts } from "@/texts/page-texts";
import { ApiKeyFields } from "./ApiKeyFields";
import { fieldOf } from "./auth-errors";
import { type AuthForm, bodyOf, type Credential, type CredentialBody, type Field } from "./auth-form";
import { Callback } from "./Callback";
import { ClientFields } from "./ClientFields";
import { choosePreset, type FilledField } from "./presets";
import type { Suggestion } from "./security-schemes";

/** What the parts of the form share. */
export interface FieldsProps {
  form: AuthForm;
  saved: Credential;
  onChange: (part: Partial<AuthForm>) => void;
  /** What the last attempt to save said about this field. */
  errorOf: (field: Field) => string | undefined;
}

interface Props {
  actionId: string;
  saved: Credential;
  /** Kept by whoever shows the dialog: closing it loses nothing, and neither does a refusal. */
  form: AuthForm;
  suggestions: readonly Suggestion[];
  /** The security scheme of the schema that filled the form in before the dialog was shown. */
  filledBy: string | null;
  isPending: boolean;
  error: unknown;
  onChange: (form: AuthForm) => void;
  onClose: () => void;
  onCancel: () => void;
  onSave: (body: CredentialBody) => void;
}

/** What filled the form in; a service names the fields, too. */
interface Filled {
  source: string;
  fields: readonly FilledField[];
}

export function AuthDialog(props: Props) {
  const { actionId, saved, form, suggestions, isPending, error, onChange, onClose, onCancel, onSave } = props;
  const { auth: texts, common } = usePageTexts();
  const [scheme, setScheme] = useState(props.filledBy);
  const [filled, setFilled] = useState<Filled | null>(
    props.filledBy === null ? null : { source: texts.ofScheme(props.filledBy), fields: [] },
  );
  const body = bodyOf(form, saved);
  const wrong = fieldOf(error, form);
  const errorOf = (field: Field) => (field === wrong && error instanceof Problem ? `${error.message} ${error.hint}` : undefined);
  const change = (part: Partial<AuthForm>) => onChange({ ...form, ...part });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (body === "unchanged") onCancel();
    else if (body !== null) onSave(body);
  };
  const fields = { form, saved, onChange: change, errorOf };
  return (
    <Dialog title={texts.title} isOpen isWide onClose={onClose}>
      <Form onSubmit={submit} validationBehavior="aria">
        {suggestions.length > 0 && (
          <Select
            label={texts.fromSchema} value={scheme} placeholder={texts.fromSchemaPlaceholder}
            options={suggestions.map(({ name }) => [name, name])}
            onChange={(name) => {
              setScheme(name);
              setFilled({ source: texts.ofScheme(name), fields: [] });
              change(suggestions.find((one) => one.name === name)?.form ?? {});
            }}
          />
        )}
        <Choice label={texts.type} value={form.method} options={texts.types} onChange={(method) => change({ method })} />
        {texts.typeHints[form.method] !== "" && <p>{texts.typeHints[form.method]}</p>}
        {filled !== null && filled.fields.length === 0 && <Notice kind="note" title={texts.filledBy(filled.source)} />}
        {form.method === "api_key" && <ApiKeyFields {...fields} />}
        {form.method === "oauth" && <Callback actionId={actionId} />}
        {(form.method === "oauth" || form.method === "client_credentials") && (
          <ClientFields
            {...fields}
            onPreset={(preset) => {
              const chosen = choosePreset(form, preset);
              setFilled(chosen.filled.length === 0 ? null : { source: texts.presets[preset], fields: chosen.filled });
              onChange(chosen.form);
            }}
          >
            {filled !== null && filled.fields.length > 0 && (
              <Notice kind="note" title={texts.filledBy(filled.source)} hint={filled.fields.map((field) => texts.fields[field]).join(", ")} />
            )}
          </ClientFields>
        )}
        {error !== null && wrong === null && <ProblemNotice error={error} />}
        <DialogActions>
          <Button onPress={onCancel}>{common.cancel}</Button>
          <Button kind="primary" type="submit" isPending={isPending} isDisabled={body === null}>{common.save}</Button>
        </DialogActions>
      </Form>
    </Dialog>
  );
}
