import { useState } from "react";
import { Choice } from "@/components/Choice";
import { Switch } from "@/components/Switch";
import { TextField } from "@/components/TextField";
import { usePageTexts } from "@/texts/page-texts";
import type { FieldsProps } from "./AuthDialog";
import type { Field } from "./auth-form";
import styles from "./AuthForm.module.css";

const HERE: readonly Field[] = ["refreshUrl", "revocationUrl", "authorizationParameters", "tokenParameters"];

/** What a service wants otherwise than most; open where one of its fields was refused. */
export function MoreClientFields(props: FieldsProps) {
  const { auth: texts } = usePageTexts();
  const [isOpen, setOpen] = useState(false);
  const isRefused = HERE.some((field) => props.errorOf(field) !== undefined);
  return (
    <details className={styles.more} open={isOpen || isRefused} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{texts.more}</summary>
      <div className={styles.fields}>
        {props.form.method === "oauth" && <OfAuthorization {...props} />}
        <OfTokenRequest {...props} />
      </div>
    </details>
  );
}

function OfAuthorization({ form, onChange, errorOf }: FieldsProps) {
  const { auth: texts } = usePageTexts();
  return (
    <>
      <Switch label={texts.pkce} hint={texts.pkceHint} isSelected={form.pkce ?? true} onChange={(pkce) => onChange({ pkce })} />
      <TextField
        label={texts.refreshUrl} hint={texts.refreshUrlHint} value={form.refreshUrl} error={errorOf("refreshUrl")} type="url"
        maxLength={2048} onChange={(refreshUrl) => onChange({ refreshUrl })}
      />
      <Choice
        label={texts.separator} value={form.separator === "" ? " " : form.separator} options={texts.separators}
        onChange={(separator) => onChange({ separator })}
      />
      <TextField
        multiline label={texts.authorizationParameters} hint={texts.parametersHint} value={form.authorizationParameters}
        error={errorOf("authorizationParameters")} placeholder="access_type=offline"
        onChange={(authorizationParameters) => onChange({ authorizationParameters })}
      />
    </>
  );
}

function OfTokenRequest({ form, onChange, errorOf }: FieldsProps) {
  const { auth: texts } = usePageTexts();
  return (
    <>
      <TextField
        label={texts.revocationUrl} hint={texts.revocationUrlHint} value={form.revocationUrl} error={errorOf("revocationUrl")}
        maxLength={2048} onChange={(revocationUrl) => onChange({ revocationUrl })}
      />
      <Choice
        label={texts.format} value={form.format === "" ? "form" : form.format} options={texts.formats}
        onChange={(format) => onChange({ format })}
      />
      {form.exchange === "basic_auth_header" && (
        <Switch label={texts.raw} hint={texts.rawHint} isSelected={form.raw ?? false} onChange={(raw) => onChange({ raw })} />
      )}
      <TextField
        multiline label={texts.tokenParameters} hint={texts.parametersHint} value={form.tokenParameters}
        error={errorOf("tokenParameters")} placeholder="audience=https://api.example.org"
        onChange={(tokenParameters) => onChange({ tokenParameters })}
      />
    </>
  );
}
