import type { components } from "@/api/generated";

type Schemas = components["schemas"];
export type Credential = Schemas["AuthCredentialView"];
export type CredentialBody =
  | Schemas["NoneBody"] | Schemas["BasicBody"] | Schemas["BearerBody"] | Schemas["CustomBody"]
  | Schemas["HeadersBody"] | Schemas["QueryBody"] | Schemas["OwnKeyBody"] | Schemas["OAuthBody"]
  | Schemas["ClientCredentialsBody"];

export type Method = Schemas["SignIn"];
/** `scheme` is the API's `custom` with the header Authorization and a scheme of its own. */
export type Placement = Schemas["Placement"] | "scheme";
export type Exchange = Schemas["TokenExchangeMethod"];
export type Format = Schemas["BodyFormat"];
export type Separator = " " | ",";
export type Preset = NonNullable<Schemas["OAuthBody"]["preset"]>;

export interface HeaderForm {
  name: string;
  value: string;
}

/**
 * What is entered in the form, for every way of signing in at once: nothing is lost by a change.
 * Empty and null: not chosen, so that a preset may fill it.
 */
export interface AuthForm {
  method: Method;
  placement: Placement;
  perUser: boolean;
  key: string;
  username: string;
  password: string;
  /** `key` is the ready-made value that follows "Basic ". */
  isEncoded: boolean;
  headerName: string;
  parameterName: string;
  scheme: string;
  headers: readonly HeaderForm[];
  /** What members' own values are called; where one is empty, as `labelsOf` says. */
  labels: readonly string[];
  preset: Preset | "";
  clientId: string;
  clientSecret: string;
  authorizationUrl: string;
  tokenUrl: string;
  scope: string;
  exchange: Exchange | "";
  pkce: boolean | null;
  refreshUrl: string;
  revocationUrl: string;
  format: Format | "";
  separator: Separator | "";
  raw: boolean | null;
  /** A line each: `name=value`. */
  authorizationParameters: string;
  tokenParameters: string;
}

export type Field = keyof AuthForm;

export const MAX_HEADERS = 10;
const NO_HEADER: HeaderForm = { name: "", value: "" };

export const EMPTY_AUTH: AuthForm = {
  method: "none", placement: "bearer", perUser: false, key: "", username: "", password: "", isEncoded: false,
  headerName: "", parameterName: "", scheme: "", headers: [NO_HEADER, NO_HEADER], labels: [],
  preset: "", clientId: "", clientSecret: "", authorizationUrl: "", tokenUrl: "", scope: "", exchange: "",
  pkce: null, refreshUrl: "", revocationUrl: "", format: "", separator: "", raw: null,
  authorizationParameters: "", tokenParameters: "",
};

/** The form of what is saved; its secrets stay empty. */
export function formOf(saved: Credential): AuthForm {
  return { ...EMPTY_AUTH, method: saved.type, ...keyOf(saved), ...clientOf(saved) };
}

function keyOf(saved: Credential): Partial<AuthForm> {
  if (saved.placement == null) return {};
  const headers = saved.headers ?? [];
  const isScheme = saved.placement === "custom" && headers[0]?.toLowerCase() === "authorization";
  return {
    placement: isScheme ? "scheme" : saved.placement,
    perUser: saved.per_user ?? false,
    headerName: saved.placement === "custom" && !isScheme ? headers[0] ?? "" : "",
    parameterName: saved.query?.[0] ?? "",
    scheme: saved.scheme ?? "",
    labels: saved.labels ?? [],
    ...(saved.placement === "headers" && { headers: headers.map((name) => ({ name, value: "" })) }),
  };
}

function clientOf({ client }: Credential): Partial<AuthForm> {
  if (client == null) return {};
  return {
    preset: client.preset as Preset,
    clientId: client.client_id,
    authorizationUrl: client.authorization_url,
    tokenUrl: client.token_url,
    scope: client.scope,
    exchange: client.token_exchange_method,
    pkce: client.pkce,
    refreshUrl: client.refresh_url,
    revocationUrl: client.revocation_url,
    format: client.token_request_format,
    separator: client.scope_separator as Separator,
    raw: client.raw,
    authorizationParameters: linesOf(client.authorization_parameters),
    tokenParameters: linesOf(client.token_parameters),
  };
}

/** Names of the values that each member enters, where the builder names none. */
export function ownValuesOf(form: AuthForm): readonly string[] {
  switch (form.placement) {
    case "basic": return ["User name", "Password"];
    case "bearer": return ["Token"];
    case "scheme": return [form.scheme === "" ? "Key" : form.scheme];
    case "custom": return [form.headerName];
    case "query": return [form.parameterName];
    case "headers": return namedHeaders(form).map((header) => header.name);
  }
}

export function labelsOf(form: AuthForm): readonly string[] {
  return ownValuesOf(form).map((otherwise, place) => form.labels[place]?.trim() || otherwise);
}

export function namedHeaders(form: AuthForm): readonly HeaderForm[] {
  return form.headers.filter((header) => header.name !== "" || header.value !== "");
}

/**
 * What is sent; null while something is missing, and "unchanged" where the saved key stays as it is.
 * The API takes a key only as a whole, and keeps a client secret that is left out.
 */
export function bodyOf(form: AuthForm, saved?: Credential): CredentialBody | "unchanged" | null {
  switch (form.method) {
    case "none": return { type: "none" };
    case "api_key":
      if (form.perUser) return ownKeyBody(form);
      return keepsKey(form, saved) ? "unchanged" : keyBody(form);
    case "oauth": return oauthBody(form, saved);
    case "client_credentials":
      return form.exchange === "none" || !isClientThere(form, saved) ? null : { type: "client_credentials", ...clientBody(form) };
  }
}

/** Nothing of the kept key was entered anew. */
function keepsKey(form: AuthForm, saved?: Credential): boolean {
  const entered = [form.key, form.username, form.password, ...form.headers.map((header) => header.value)];
  return hasKeyInPlace(form, saved) && entered.every((secret) => secret === "");
}

/** A key is kept for where the form puts it, and for the hosts of the draft. */
export function hasKeyInPlace(form: AuthForm, saved?: Credential): boolean {
  if (saved === undefined || saved.type !== "api_key" || saved.per_user === true || !saved.usable) return false;
  return !form.perUser && JSON.stringify(placeOf(form)) === JSON.stringify(placeOf(formOf(saved)));
}

function placeOf(form: AuthForm): readonly unknown[] {
  switch (form.placement) {
    case "basic": case "bearer": return [form.placement];
    case "scheme": return [form.placement, form.scheme];
    case "custom": return [form.placement, form.headerName];
    case "query": return [form.placement, form.parameterName];
    case "headers": return [form.placement, namedHeaders(form).map((header) => header.name)];
  }
}

function keyBody(form: AuthForm): CredentialBody | null {
  const type = "api_key" as const;
  switch (form.placement) {
    case "basic":
      if (form.isEncoded) return form.key === "" ? null : { type, placement: "basic", encoded: form.key };
      return form.username === "" ? null : { type, placement: "basic", username: form.username, password: form.password };
    case "bearer":
      return form.key === "" ? null : { type, placement: "bearer", token: form.key };
    case "custom":
      return named(form.headerName, form.key, (name, value) => ({ type, placement: "custom", name, value }));
    case "scheme":
      return named(form.scheme, form.key, (scheme, key) => ({ type, placement: "custom", name: "Authorization", value: `${scheme} ${key}` }));
    case "query":
      return named(form.parameterName, form.key, (name, value) => ({ type, placement: "query", name, value }));
    case "headers": {
      const headers = namedHeaders(form);
      const isWhole = headers.length > 0 && headers.every((header) => header.name !== "" && header.value !== "");
      return isWhole ? { type, placement: "headers", headers: headers.map(({ name, value }) => ({ name, value })) } : null;
    }
  }
}

function named(name: string, key: string, body: (name: string, key: string) => CredentialBody): CredentialBody | null {
  return name.trim() === "" || key === "" ? null : body(name.trim(), key);
}

function ownKeyBody(form: AuthForm): CredentialBody | null {
  const names = namedHeaders(form).map((header) => header.name.trim());
  const labels = form.labels.some((label) => label.trim() !== "") ? { labels: [...labelsOf(form)] } : {};
  const own = { type: "api_key", per_user: true, ...labels } as const;
  switch (form.placement) {
    case "basic": case "bearer": return { ...own, placement: form.placement };
    case "custom": return form.headerName === "" ? null : { ...own, placement: "custom", name: form.headerName.trim() };
    case "query": return form.parameterName === "" ? null : { ...own, placement: "query", name: form.parameterName.trim() };
    case "scheme":
      return form.scheme === "" ? null : { ...own, placement: "custom", name: "Authorization", scheme: form.scheme.trim() };
    case "headers":
      return names.length === 0 || names.includes("") ? null : { ...own, placement: "headers", names };
  }
}

function oauthBody(form: AuthForm, saved?: Credential): CredentialBody | null {
  if (!isClientThere(form, saved) || form.authorizationUrl.trim() === "") return null;
  return {
    type: "oauth",
    ...clientBody(form),
    authorization_url: form.authorizationUrl.trim(),
    ...(isSaid(form, form.refreshUrl) && { refresh_url: form.refreshUrl.trim() }),
    ...(form.separator !== "" && { scope_separator: form.separator }),
    ...(form.pkce !== null && { pkce: form.pkce }),
    ...(isSaid(form, form.authorizationParameters) && { authorization_parameters: parametersOf(form.authorizationParameters) }),
  };
}

function isClientThere(form: AuthForm, saved?: Credential): boolean {
  const hasSecret = form.clientSecret !== "" || form.exchange === "none" || saved?.client?.has_client_secret === true;
  return hasSecret && form.clientId.trim() !== "" && form.tokenUrl.trim() !== "";
}

function clientBody(form: AuthForm) {
  return {
    client_id: form.clientId.trim(),
    token_url: form.tokenUrl.trim(),
    scope: form.scope.trim(),
    token_parameters: parametersOf(form.tokenParameters),
    ...(form.preset !== "" && { preset: form.preset }),
    ...(form.clientSecret !== "" && form.exchange !== "none" && { client_secret: form.clientSecret }),
    ...(form.exchange !== "" && { token_exchange_method: form.exchange }),
    ...(form.raw !== null && { raw: form.raw }),
    ...(form.format !== "" && { token_request_format: form.format }),
    ...(isSaid(form, form.revocationUrl) && { revocation_url: form.revocationUrl.trim() }),
  };
}

/** Once a preset is chosen, an empty field says "none"; before, the API knows the provider by its host. */
function isSaid(form: AuthForm, text: string): boolean {
  return form.preset !== "" || text.trim() !== "";
}

/** Of lines `name=value`; what has no `=` is a name with an empty value. */
export function parametersOf(lines: string): Record<string, string> {
  const written = lines.split("\n").map((line) => line.trim()).filter((line) => line !== "");
  return Object.fromEntries(written.map((line) => {
    const at = line.indexOf("=");
    return at === -1 ? [line, ""] : [line.slice(0, at).trim(), line.slice(at + 1).trim()];
  }));
}

export function linesOf(parameters: Record<string, string>): string {
  return Object.entries(parameters).map(([name, value]) => `${name}=${value}`).join("\n");
}
