import { expect, test } from "vitest";
import { grantedOf } from "./granted";

test("a wider grant shows which scopes nobody asked for", () => {
  expect(grantedOf({ scopes: ["repo", "gist"], scopes_missing: [], scopes_added: ["gist"] })).toEqual([
    { scope: "repo", is: "granted" }, { scope: "gist", is: "added" },
  ]);
});

test("a narrower grant shows what is missing", () => {
  expect(grantedOf({ scopes: [], scopes_missing: ["repo"], scopes_added: [] })).toEqual([{ scope: "repo", is: "missing" }]);
});

test("a scope that a provider answers under another name is granted, and none is missing", () => {
  const answered = "https://www.googleapis.com/auth/userinfo.email";
  expect(grantedOf({ scopes: [answered], scopes_missing: [], scopes_added: [] })).toEqual([{ scope: answered, is: "granted" }]);
});
