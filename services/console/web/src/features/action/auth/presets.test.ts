import { expect, test } from "vitest";
import { type AuthForm, EMPTY_AUTH } from "./auth-form";
import { choosePreset, PRESETS } from "./presets";

const OAUTH: AuthForm = { ...EMPTY_AUTH, method: "oauth" };

test("a service fills what is empty, and names what it filled", () => {
  const { form, filled } = choosePreset(OAUTH, "notion");

  expect(form).toMatchObject({ ...PRESETS.notion, preset: "notion" });
  expect(filled).toEqual([
    "authorizationUrl", "tokenUrl", "exchange", "format", "pkce", "revocationUrl", "authorizationParameters",
  ]);
});

test("what somebody entered stays", () => {
  const { form, filled } = choosePreset({ ...OAUTH, tokenUrl: "https://mine.example/token", pkce: true }, "github");

  expect(form.tokenUrl).toBe("https://mine.example/token");
  expect(filled).toEqual(["authorizationUrl", "revocationUrl"]);
});

test("another service takes the place of what the one before had filled, and of nothing else", () => {
  const google = choosePreset({ ...OAUTH, scope: "read" }, "google").form;

  const { form } = choosePreset({ ...google, tokenUrl: "https://mine.example/token" }, "slack");

  expect(form).toMatchObject({
    authorizationUrl: PRESETS.slack.authorizationUrl, tokenUrl: "https://mine.example/token", separator: ",", pkce: false,
    authorizationParameters: "", scope: "read",
  });
});

test("back to another service empties what was filled", () => {
  const { form, filled } = choosePreset(choosePreset(OAUTH, "google").form, "generic");

  expect(form).toMatchObject({ authorizationUrl: "", tokenUrl: "", revocationUrl: "", preset: "generic" });
  expect(filled).toEqual([]);
});

test("client credentials take nothing of the authorization request", () => {
  const { form, filled } = choosePreset({ ...EMPTY_AUTH, method: "client_credentials" }, "slack");

  expect(form.authorizationUrl).toBe("");
  expect(filled).toEqual(["tokenUrl", "revocationUrl"]);
});
