import { expect, test } from "vitest";
import { Problem } from "@/api/problem";
import { fieldOf } from "./auth-errors";
import { type AuthForm, EMPTY_AUTH } from "./auth-form";

const refused = (code: string, detail = "", findings: Array<{ pointer: string; message: string }> = []) =>
  new Problem({ status: 422, code, detail, findings });
const form = (part: Partial<AuthForm> = {}): AuthForm => ({ ...EMPTY_AUTH, method: "api_key", placement: "custom", ...part });

test.each([
  ["auth.oauth_url_invalid", "The authorization URL cannot be used: it is no address.", "authorizationUrl"],
  ["auth.oauth_url_invalid", "The refresh URL cannot be used: it is no address.", "refreshUrl"],
  ["auth.oauth_url_invalid", "The revocation URL cannot be used: it is no address.", "revocationUrl"],
  ["auth.sign_in_domain_not_allowed", "The token URL is at evil.example, which is neither …", "tokenUrl"],
  ["auth.oauth_setting_invalid", "`token_url` is missing, and the preset has none.", "tokenUrl"],
  ["auth.oauth_setting_invalid", "A scope holds a character that no scope has.", "scope"],
  ["auth.client_secret_needed", "The client secret is needed: none is kept.", "clientSecret"],
  ["auth.parameter_name_invalid", "This is not a name for a query parameter.", "parameterName"],
] as const)("%s is shown at its field: %s", (code, detail, field) => {
  expect(fieldOf(refused(code, detail), form({ method: "oauth" }))).toBe(field);
});

test("a header's name is refused where it was entered", () => {
  expect(fieldOf(refused("auth.header_reserved"), form())).toBe("headerName");
  expect(fieldOf(refused("auth.scheme_has_placement"), form({ placement: "scheme" }))).toBe("scheme");
  expect(fieldOf(refused("auth.header_repeated"), form({ placement: "headers" }))).toBe("headers");
});

test("a secret is refused where it was entered", () => {
  expect(fieldOf(refused("auth.secret_invalid"), form())).toBe("key");
  expect(fieldOf(refused("auth.secret_invalid"), form({ placement: "basic" }))).toBe("password");
});

test("a reserved parameter is refused in the address or in the lines, wherever it is", () => {
  const sentence = "The parameter `state` in the authorization URL is one that this platform sets by itself.";

  expect(fieldOf(refused("auth.oauth_parameter_reserved", sentence), form())).toBe("authorizationUrl");
  expect(fieldOf(refused("auth.oauth_parameter_reserved", sentence), form({ authorizationParameters: "a=b\nstate=1" }))).toBe(
    "authorizationParameters",
  );
});

test("a member of the request stands for its field", () => {
  const finding = { pointer: "/token_parameters/3", message: "" };

  expect(fieldOf(refused("platform.request_invalid", "", [{ pointer: "/oauth/client_id", message: "" }]), form())).toBe("clientId");
  expect(fieldOf(refused("platform.request_invalid", "", [finding]), form())).toBe("tokenParameters");
  expect(fieldOf(refused("platform.request_invalid", "", [finding, finding]), form())).toBeNull();
});

test("what is about no field is shown below all of them", () => {
  expect(fieldOf(refused("auth.action_has_no_origin"), form())).toBeNull();
  expect(fieldOf(new TypeError("offline"), form())).toBeNull();
});
