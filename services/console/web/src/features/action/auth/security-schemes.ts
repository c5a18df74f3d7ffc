import type { AuthForm } from "./auth-form";

/** How one security scheme of a document fills the form; secrets are never in a document. */
export interface Suggestion {
  name: string;
  form: Partial<AuthForm>;
}

const MAX_SCOPES = 10;
type Members = Record<string, unknown>;

/**
 * Of `components.securitySchemes` (OAS 3, 4.8.27) or `securityDefinitions` (Swagger 2.0), in the
 * order of the document; what the platform cannot use, such as cookies, is left out.
 */
export function suggestionsOf(schemes: unknown): readonly Suggestion[] {
  return Object.entries(membersOf(schemes)).flatMap(([name, scheme]) => {
    const form = formOfScheme(membersOf(scheme));
    return form === null ? [] : [{ name, form }];
  });
}

function formOfScheme(scheme: Members): Partial<AuthForm> | null {
  switch (scheme["type"]) {
    case "basic": return { method: "api_key", placement: "basic" };
    case "http": return formOfHttp(textOf(scheme["scheme"]));
    case "apiKey": return formOfKey(scheme);
    case "oauth2": return formOfOAuth(scheme);
    default: return null;
  }
}

function formOfHttp(scheme: string): Partial<AuthForm> | null {
  const known = scheme.toLowerCase();
  if (known === "basic" || known === "bearer") return { method: "api_key", placement: known };
  return scheme === "" ? null : { method: "api_key", placement: "scheme", scheme };
}

function formOfKey(scheme: Members): Partial<AuthForm> | null {
  const name = textOf(scheme["name"]);
  if (name === "") return null;
  if (scheme["in"] === "query") return { method: "api_key", placement: "query", parameterName: name };
  if (scheme["in"] !== "header") return null;
  if (name.toLowerCase() === "authorization") return { method: "api_key", placement: "bearer" };
  return { method: "api_key", placement: "custom", headerName: name };
}

function formOfOAuth(scheme: Members): Partial<AuthForm> | null {
  const flows = membersOf(scheme["flows"]);
  const flow = textOf(scheme["flow"]);
  const byMember = flow === "accessCode" ? scheme : membersOf(flows["authorizationCode"]);
  if (byMember["tokenUrl"] !== undefined) {
    return {
      method: "oauth", ...clientOf(byMember),
      authorizationUrl: addressOf(byMember["authorizationUrl"]), refreshUrl: addressOf(byMember["refreshUrl"]),
    };
  }
  const byItself = flow === "application" ? scheme : membersOf(flows["clientCredentials"]);
  return byItself["tokenUrl"] === undefined ? null : { method: "client_credentials", ...clientOf(byItself) };
}

/** All scopes where they are few; of many, the builder chooses. */
function clientOf(flow: Members): Partial<AuthForm> {
  const scopes = Object.keys(membersOf(flow["scopes"]));
  return { tokenUrl: addressOf(flow["tokenUrl"]), scope: scopes.length > MAX_SCOPES ? "" : scopes.join(" ") };
}

/** A relative one, which OAS 3.1 allows, would need the document's own address. */
function addressOf(value: unknown): string {
  return /^https?:\/\//.test(textOf(value)) ? textOf(value) : "";
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function membersOf(value: unknown): Members {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Members) : {};
}
