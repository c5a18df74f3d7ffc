import { describe, expect, test } from "vitest";
import { type AuthForm, bodyOf, type Credential, EMPTY_AUTH, formOf, labelsOf, linesOf, parametersOf } from "./auth-form";

const entered = (part: Partial<AuthForm>): AuthForm => ({ ...EMPTY_AUTH, method: "api_key", ...part });
const saved = (part: Partial<Credential>): Credential => ({ type: "api_key", usable: true, revision: 1, ...part });
const client: NonNullable<Credential["client"]> = {
  preset: "generic", client_id: "us", has_client_secret: true, authorization_url: "https://p.example/authorize",
  token_url: "https://p.example/token", refresh_url: "", revocation_url: "", scope: "read", scope_separator: " ",
  token_exchange_method: "basic_auth_header", raw: true, token_request_format: "form", pkce: false,
  authorization_parameters: { prompt: "consent" }, token_parameters: {},
};

describe("an API key", () => {
  test.each([
    [entered({ placement: "basic", username: "ada", password: "secret" }), { placement: "basic", username: "ada", password: "secret" }],
    [entered({ placement: "basic", isEncoded: true, key: "YTpi" }), { placement: "basic", encoded: "YTpi" }],
    [entered({ placement: "bearer", key: "k" }), { placement: "bearer", token: "k" }],
    [entered({ placement: "custom", headerName: "X-Key", key: "k" }), { placement: "custom", name: "X-Key", value: "k" }],
    [entered({ placement: "query", parameterName: "key", key: "k" }), { placement: "query", name: "key", value: "k" }],
    [
      entered({ placement: "scheme", scheme: "SharedAccessKey", key: "k" }),
      { placement: "custom", name: "Authorization", value: "SharedAccessKey k" },
    ],
    [
      entered({ placement: "headers", headers: [{ name: "X-Id", value: "1" }, { name: "X-Key", value: "k" }, { name: "", value: "" }] }),
      { placement: "headers", headers: [{ name: "X-Id", value: "1" }, { name: "X-Key", value: "k" }] },
    ],
  ])("stands where its placement says: %#", (form, body) => {
    expect(bodyOf(form)).toEqual({ type: "api_key", ...body });
  });

  test.each([
    entered({ placement: "basic" }),
    entered({ placement: "bearer" }),
    entered({ placement: "custom", key: "k" }),
    entered({ placement: "scheme", key: "k" }),
    entered({ placement: "query", parameterName: "key" }),
    entered({ placement: "headers", headers: [{ name: "X-Id", value: "" }] }),
    entered({ placement: "headers", headers: [] }),
  ])("is not sent while something is missing: %#", (form) => {
    expect(bodyOf(form)).toBeNull();
  });

  test("that is kept stays where nothing is entered, and its place is the same", () => {
    const kept = saved({ placement: "custom", headers: ["X-Key"] });

    expect(bodyOf(formOf(kept), kept)).toBe("unchanged");
    expect(bodyOf({ ...formOf(kept), headerName: "X-Other" }, kept)).toBeNull();
  });

  test("that is kept for other hosts than the draft's is entered anew", () => {
    const kept = saved({ placement: "bearer", usable: false });

    expect(bodyOf(formOf(kept), kept)).toBeNull();
  });

  test("in Authorization is shown as a scheme", () => {
    expect(formOf(saved({ placement: "custom", headers: ["Authorization"] })).placement).toBe("scheme");
  });
});

describe("a key of each member's own", () => {
  test("needs a place and no key", () => {
    expect(bodyOf(entered({ perUser: true, placement: "custom", headerName: "X-Key" }))).toEqual({
      type: "api_key", per_user: true, placement: "custom", name: "X-Key",
    });
    expect(bodyOf(entered({ perUser: true, placement: "scheme", scheme: "Token" }))).toEqual({
      type: "api_key", per_user: true, placement: "custom", name: "Authorization", scheme: "Token",
    });
    expect(bodyOf(entered({ perUser: true, placement: "headers", headers: [{ name: "X-A", value: "" }] }))).toEqual({
      type: "api_key", per_user: true, placement: "headers", names: ["X-A"],
    });
  });

  test("has a label for each value; one that is empty is called as its place", () => {
    const form = entered({ perUser: true, placement: "basic", labels: ["E-mail", ""] });

    expect(labelsOf(form)).toEqual(["E-mail", "Password"]);
    expect(bodyOf(form)).toEqual({ type: "api_key", per_user: true, placement: "basic", labels: ["E-mail", "Password"] });
  });

  test("is read back as it was saved", () => {
    const form = formOf(saved({ placement: "custom", headers: ["Authorization"], scheme: "Token", per_user: true, labels: ["Your token"] }));

    expect(form).toMatchObject({ placement: "scheme", scheme: "Token", perUser: true, labels: ["Your token"] });
  });
});

describe("an OAuth client", () => {
  const form: AuthForm = {
    ...EMPTY_AUTH, method: "oauth", clientId: " us ", clientSecret: "s", authorizationUrl: "https://p.example/authorize",
    tokenUrl: "https://p.example/token",
  };

  test("says of what nobody chose nothing, so that the API fills in what it knows of the host", () => {
    expect(bodyOf(form)).toEqual({
      type: "oauth", client_id: "us", client_secret: "s", authorization_url: "https://p.example/authorize",
      token_url: "https://p.example/token", scope: "", token_parameters: {},
    });
  });

  test("of a chosen service says that what is empty is none", () => {
    expect(bodyOf({ ...form, preset: "google" })).toMatchObject({
      preset: "google", refresh_url: "", revocation_url: "", authorization_parameters: {},
    });
  });

  test("keeps its secret where none is entered, and is otherwise sent as it was read", () => {
    const kept = saved({ type: "oauth", client });
    const { has_client_secret: _, ...sent } = client;

    expect(bodyOf(formOf(kept), kept)).toEqual({ type: "oauth", ...sent });
  });

  test.each([
    { ...form, clientId: "" }, { ...form, clientSecret: "" }, { ...form, authorizationUrl: "" }, { ...form, tokenUrl: "" },
  ])("is not sent while something is missing: %#", (incomplete) => {
    expect(bodyOf(incomplete)).toBeNull();
  });

  test("without a secret is public, and sends none that was typed before", () => {
    expect(bodyOf({ ...form, exchange: "none" })).not.toHaveProperty("client_secret");
    expect(bodyOf({ ...form, clientSecret: "", exchange: "none" })).toMatchObject({ token_exchange_method: "none" });
  });

  test("of client credentials has no authorization URL, and is never public", () => {
    const own: AuthForm = { ...form, method: "client_credentials", pkce: true, separator: "," };

    expect(bodyOf(own)).toEqual({
      type: "client_credentials", client_id: "us", client_secret: "s", token_url: "https://p.example/token", scope: "",
      token_parameters: {},
    });
    expect(bodyOf({ ...own, exchange: "none" })).toBeNull();
  });
});

test("parameters are a line each, and a value may hold an equals sign", () => {
  expect(parametersOf("audience = https://a.example/?x=1\n\n flag ")).toEqual({ audience: "https://a.example/?x=1", flag: "" });
  expect(linesOf({ access_type: "offline", prompt: "consent" })).toBe("access_type=offline\nprompt=consent");
});
