import type { ReactNode } from "react";
import { Choice } from "@/components/Choice";
import { Select } from "@/components/Select";
import { TextField } from "@/components/TextField";
import { usePageTexts } from "@/texts/page-texts";
import type { FieldsProps } from "./AuthDialog";
import type { Preset } from "./auth-form";
import { MoreClientFields } from "./MoreClientFields";
import { PRESET_NAMES } from "./presets";
import { SetBy } from "./SetBy";

interface Props extends FieldsProps {
  onPreset: (preset: Preset) => void;
  /** What the chosen service filled in. */
  children: ReactNode;
}

/** An OAuth client, its fields in the original's order; what few need is under "More". */
export function ClientFields(props: Props) {
  const { form, saved, onChange, errorOf, onPreset, children } = props;
  const { auth: texts } = usePageTexts();
  const isOAuth = form.method === "oauth";
  const isPublic = form.exchange === "none";
  const isKept = saved.client?.has_client_secret === true;
  const url = { type: "url", isRequired: true, maxLength: 2048 } as const;
  return (
    <>
      <Select
        label={texts.preset} value={form.preset === "" ? null : form.preset} placeholder={texts.presetPlaceholder}
        options={PRESET_NAMES.map((name) => [name, texts.presets[name]])} onChange={onPreset}
      />
      {children}
      <TextField
        label={texts.clientId} value={form.clientId} error={errorOf("clientId")} isRequired maxLength={1024} autoComplete="off"
        onChange={(clientId) => onChange({ clientId })}
      />
      {!isPublic && (
        <TextField
          label={texts.clientSecret} value={form.clientSecret} error={errorOf("clientSecret")} type="password"
          isRequired={!isKept} autoComplete="off" placeholder={isKept ? texts.hidden : ""}
          hint={isKept ? <SetBy saved={saved} /> : texts.keyHint} onChange={(clientSecret) => onChange({ clientSecret })}
        />
      )}
      {isOAuth && (
        <TextField
          {...url} label={texts.authorizationUrl} value={form.authorizationUrl} error={errorOf("authorizationUrl")}
          placeholder="https://provider.example/oauth/authorize" onChange={(authorizationUrl) => onChange({ authorizationUrl })}
        />
      )}
      <TextField
        {...url} label={texts.tokenUrl} value={form.tokenUrl} error={errorOf("tokenUrl")}
        placeholder="https://provider.example/oauth/token" onChange={(tokenUrl) => onChange({ tokenUrl })}
      />
      <TextField
        label={texts.scope} hint={texts.scopeHint} value={form.scope} error={errorOf("scope")} maxLength={16384}
        onChange={(scope) => onChange({ scope })}
      />
      <Choice
        label={texts.exchange} value={form.exchange === "" ? "default_post" : form.exchange}
        options={isOAuth ? texts.exchanges : texts.exchanges.filter(([method]) => method !== "none")}
        onChange={(exchange) => onChange({ exchange })}
      />
      {errorOf("exchange") !== undefined && <p role="alert">{errorOf("exchange")}</p>}
      <MoreClientFields {...props} />
    </>
  );
}
