import { Choice } from "@/components/Choice";
import { Switch } from "@/components/Switch";
import { TextField } from "@/components/TextField";
import { usePageTexts } from "@/texts/page-texts";
import type { FieldsProps } from "./AuthDialog";
import { HeaderFields } from "./HeaderFields";
import { hasKeyInPlace, ownValuesOf } from "./auth-form";
import { SetBy } from "./SetBy";

/** An API key: where it stands, and the key itself or what members' own keys are called. */
export function ApiKeyFields(props: FieldsProps) {
  const { form, onChange } = props;
  const { auth: texts } = usePageTexts();
  return (
    <>
      <Choice
        label={texts.authType} value={form.placement} options={texts.placements}
        onChange={(placement) => onChange({ placement })}
      />
      <PlaceField {...props} />
      <Switch
        label={texts.perUser} hint={texts.perUserHint} isSelected={form.perUser}
        onChange={(perUser) => onChange({ perUser })}
      />
      {form.perUser ? <LabelFields {...props} /> : <KeyFields {...props} />}
    </>
  );
}

/** The name that the placement needs. */
function PlaceField({ form, onChange, errorOf }: FieldsProps) {
  const { auth: texts } = usePageTexts();
  switch (form.placement) {
    case "custom": return (
      <TextField
        label={texts.headerName} value={form.headerName} error={errorOf("headerName")} isRequired maxLength={128}
        placeholder="X-Api-Key" onChange={(headerName) => onChange({ headerName })}
      />
    );
    case "query": return (
      <TextField
        label={texts.parameterName} hint={texts.parameterHint} value={form.parameterName} error={errorOf("parameterName")}
        isRequired maxLength={128} placeholder="api_key" onChange={(parameterName) => onChange({ parameterName })}
      />
    );
    case "scheme": return (
      <TextField
        label={texts.scheme} hint={texts.schemeHint} value={form.scheme} error={errorOf("scheme")} isRequired maxLength={128}
        placeholder="SharedAccessKey" onChange={(scheme) => onChange({ scheme })}
      />
    );
    default: return null;
  }
}

function KeyFields(props: FieldsProps) {
  const { form, saved, onChange, errorOf } = props;
  const { auth: texts } = usePageTexts();
  const isKept = hasKeyInPlace(form, saved);
  const hint = isKept ? <SetBy saved={saved} /> : texts.keyHint;
  const secret = { type: "password", isRequired: !isKept, placeholder: isKept ? texts.hidden : "", autoComplete: "off" } as const;
  if (form.placement === "headers") return <HeaderFields {...props} hint={hint} />;
  if (form.placement !== "basic") {
    return (
      <TextField
        {...secret} label={texts.key} hint={hint} value={form.key} error={errorOf("key")} onChange={(key) => onChange({ key })}
      />
    );
  }
  return (
    <>
      {form.isEncoded ? (
        <TextField
          {...secret} label={texts.encoded} hint={hint} value={form.key} error={errorOf("key")} onChange={(key) => onChange({ key })}
        />
      ) : (
        <>
          <TextField
            label={texts.username} value={form.username} error={errorOf("username")} isRequired={!isKept}
            placeholder={secret.placeholder} autoComplete="off" onChange={(username) => onChange({ username })}
          />
          <TextField
            {...secret} isRequired={false} label={texts.password} hint={hint} value={form.password} error={errorOf("password")}
            onChange={(password) => onChange({ password })}
          />
        </>
      )}
      <Switch
        label={texts.isEncoded} hint={texts.isEncodedHint} isSelected={form.isEncoded}
        onChange={(isEncoded) => onChange({ isEncoded })}
      />
    </>
  );
}

function LabelFields(props: FieldsProps) {
  const { form, onChange, errorOf } = props;
  const { auth: texts } = usePageTexts();
  const values = ownValuesOf(form);
  return (
    <>
      {form.placement === "headers" && <HeaderFields {...props} hint="" />}
      {values.map((value, place) => value !== "" && (
        <TextField
          key={place} label={texts.labelOf(value)} hint={texts.labelHint} value={form.labels[place] ?? ""} maxLength={100}
          placeholder={value} error={place === 0 ? errorOf("labels") : undefined}
          onChange={(label) => onChange({ labels: values.map((_, other) => (other === place ? label : form.labels[other] ?? "")) })}
        />
      ))}
    </>
  );
}
