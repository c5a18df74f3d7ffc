import { expect, test } from "vitest";
import { grantedOf } from "./granted";

test("a wider grant shows which scopes nobody asked for", () => {
  expect(grantedOf({ scopes: ["repo", "gist"], scopes_asked: ["repo"] })).toEqual([
    { scope: "repo", is: "granted" }, { scope: "gist", is: "added" },
  ]);
});

test("a narrower grant shows what is missing", () => {
  expect(grantedOf({ scopes: [], scopes_asked: ["repo"] })).toEqual([{ scope: "repo", is: "missing" }]);
});
