import { Problem } from "@/api/problem";
import type { AuthForm, Field } from "./auth-form";

const OF_HEADER = new Set(["auth.header_name_invalid", "auth.header_reserved", "auth.header_repeated", "auth.scheme_has_placement"]);
const OF_ADDRESS = new Set(["auth.oauth_url_invalid", "auth.sign_in_domain_not_allowed", "auth.oauth_setting_invalid"]);
/** How the API's sentences name what is at fault. */
const NAMED: ReadonlyArray<readonly [RegExp, Field]> = [
  [/^The authorization URL |^`authorization_url`/, "authorizationUrl"],
  [/^The token URL |^`token_url`/, "tokenUrl"],
  [/^The refresh URL /, "refreshUrl"],
  [/^The revocation URL /, "revocationUrl"],
  [/^A scope /, "scope"],
  [/token exchange method/, "exchange"],
];
const MEMBERS: Readonly<Record<string, Field>> = {
  client_id: "clientId", client_secret: "clientSecret", authorization_url: "authorizationUrl", token_url: "tokenUrl",
  refresh_url: "refreshUrl", revocation_url: "revocationUrl", scope: "scope", username: "username",
  password: "password", encoded: "key", token: "key", value: "key", labels: "labels",
  authorization_parameters: "authorizationParameters", token_parameters: "tokenParameters",
};

/** The field that a refusal is about; null where it is about none, or about several. */
export function fieldOf(error: unknown, form: AuthForm): Field | null {
  if (!(error instanceof Problem)) return null;
  if (OF_HEADER.has(error.code)) return headerField(form);
  if (OF_ADDRESS.has(error.code)) return NAMED.find(([pattern]) => pattern.test(error.message))?.[1] ?? null;
  switch (error.code) {
    case "auth.parameter_name_invalid": return "parameterName";
    case "auth.secret_invalid": return secretField(form);
    case "auth.client_secret_needed": return "clientSecret";
    case "auth.oauth_parameter_reserved": return parameterField(error.message, form);
    case "platform.request_invalid": return memberField(error);
    default: return null;
  }
}

function headerField(form: AuthForm): Field {
  return form.placement === "headers" ? "headers" : form.placement === "scheme" ? "scheme" : "headerName";
}

function secretField(form: AuthForm): Field {
  if (form.placement === "headers") return "headers";
  return form.placement === "basic" && !form.isEncoded ? "password" : "key";
}

/** A parameter is in an address's own query, or in the lines below it. */
function parameterField(sentence: string, form: AuthForm): Field {
  const name = /`([^`]+)`/.exec(sentence)?.[1] ?? "";
  const isLine = (lines: string) => lines.split("\n").some((line) => line.split("=")[0]!.trim() === name);
  if (sentence.includes("authorization URL")) return isLine(form.authorizationParameters) ? "authorizationParameters" : "authorizationUrl";
  return isLine(form.tokenParameters) ? "tokenParameters" : "tokenUrl";
}

function memberField(error: Problem): Field | null {
  const [only, ...more] = error.findings;
  if (only === undefined || more.length > 0) return null;
  const member = only.pointer.split("/").findLast((part) => !/^\d+$/.test(part)) ?? "";
  return MEMBERS[member] ?? null;
}
