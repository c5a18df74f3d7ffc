import type { AuthForm, Preset } from "./auth-form";
import known from "./presets.json";

type Filled = Pick<
  AuthForm,
  | "authorizationUrl" | "tokenUrl" | "exchange" | "format" | "pkce" | "separator" | "refreshUrl"
  | "revocationUrl" | "authorizationParameters"
>;
export type FilledField = keyof Filled;

const GENERIC: Filled = {
  authorizationUrl: "", tokenUrl: "", exchange: "default_post", format: "form", pkce: true, separator: " ",
  refreshUrl: "", revocationUrl: "", authorizationParameters: "",
};

/** What the API fills in for each service (`auth_service/domain/oauth/profiles.py`); a test compares both. */
export const PRESETS = { generic: GENERIC, ...known } as Record<Preset, Filled>;

export const PRESET_NAMES = ["generic", ...Object.keys(known)] as readonly Preset[];

const OF_AUTHORIZATION: ReadonlySet<FilledField> = new Set([
  "authorizationUrl", "pkce", "separator", "refreshUrl", "authorizationParameters",
]);

/**
 * The form with a service chosen: what is empty is filled, and so is what the service chosen before
 * had filled. `filled` names the fields that have a value of the service now.
 */
export function choosePreset(form: AuthForm, preset: Preset): { form: AuthForm; filled: readonly FilledField[] } {
  const before = form.preset === "" ? GENERIC : PRESETS[form.preset];
  const next = PRESETS[preset];
  const fields = (Object.keys(next) as FilledField[])
    .filter((field) => form.method === "oauth" || !OF_AUTHORIZATION.has(field))
    .filter((field) => form[field] === "" || form[field] === null || form[field] === before[field]);
  const values = Object.fromEntries(fields.map((field) => [field, next[field]]));
  const filled = fields.filter((field) => next[field] !== GENERIC[field]);
  return { form: { ...form, ...values, preset }, filled };
}
