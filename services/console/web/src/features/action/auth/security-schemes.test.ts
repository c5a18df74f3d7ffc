import { expect, test } from "vitest";
import { suggestionsOf } from "./security-schemes";

const only = (scheme: unknown) => suggestionsOf({ it: scheme })[0]?.form;

test.each([
  [{ type: "http", scheme: "Basic" }, { method: "api_key", placement: "basic" }],
  [{ type: "http", scheme: "bearer" }, { method: "api_key", placement: "bearer" }],
  [{ type: "http", scheme: "DPoP" }, { method: "api_key", placement: "scheme", scheme: "DPoP" }],
  [{ type: "basic" }, { method: "api_key", placement: "basic" }],
  [{ type: "apiKey", in: "header", name: "X-Key" }, { method: "api_key", placement: "custom", headerName: "X-Key" }],
  [{ type: "apiKey", in: "header", name: "Authorization" }, { method: "api_key", placement: "bearer" }],
  [{ type: "apiKey", in: "query", name: "key" }, { method: "api_key", placement: "query", parameterName: "key" }],
])("an API key's scheme says where the key stands: %j", (scheme, form) => {
  expect(only(scheme)).toEqual(form);
});

test("an authorization code flow fills addresses and scopes", () => {
  const flow = {
    authorizationUrl: "https://p.example/authorize", tokenUrl: "https://p.example/token", refreshUrl: "/relative",
    scopes: { read: "Read", write: "" },
  };

  expect(only({ type: "oauth2", flows: { authorizationCode: flow } })).toEqual({
    method: "oauth", authorizationUrl: "https://p.example/authorize", tokenUrl: "https://p.example/token", refreshUrl: "",
    scope: "read write",
  });
});

test("a client's own flow is client credentials", () => {
  const flow = { tokenUrl: "https://p.example/token", scopes: {} };

  expect(only({ type: "oauth2", flows: { clientCredentials: flow } })).toEqual({
    method: "client_credentials", tokenUrl: "https://p.example/token", scope: "",
  });
});

test("Swagger 2.0 has one flow, without a level of its own", () => {
  const urls = { authorizationUrl: "https://p.example/a", tokenUrl: "https://p.example/t", scopes: { read: "" } };

  expect(only({ type: "oauth2", flow: "accessCode", ...urls })).toMatchObject({ method: "oauth", scope: "read" });
  expect(only({ type: "oauth2", flow: "application", ...urls })).toMatchObject({ method: "client_credentials" });
});

test("of many scopes none is chosen", () => {
  const scopes = Object.fromEntries(Array.from({ length: 11 }, (_, at) => [`s${at}`, ""]));

  expect(only({ type: "oauth2", flows: { authorizationCode: { tokenUrl: "https://p.example/t", scopes } } })?.scope).toBe("");
});

test.each([
  undefined, "text", [], { it: null }, { it: { type: "apiKey", in: "cookie", name: "s" } }, { it: { type: "apiKey", in: "header" } },
  { it: { type: "oauth2", flows: { implicit: {} } } }, { it: { type: "openIdConnect" } }, { it: { type: "http" } },
])("what cannot be used, or is no scheme, is left out: %j", (schemes) => {
  expect(suggestionsOf(schemes)).toEqual([]);
});
