import { expect, test } from "vitest";
import { auditFilters } from "./audit-filters";
import { domainFilters, memberFilters } from "./list-filters";

test("an address that somebody changed by hand filters by what is known of it", () => {
  expect(memberFilters({ q: "ada", role: "king", other: 1 })).toEqual({ q: "ada" });
  expect(memberFilters({ q: "", role: "admin" })).toEqual({ role: "admin" });
});

test("a domain that another page found missing is filled in", () => {
  expect(domainFilters({ allow: "api.example.com" })).toEqual({ allow: "api.example.com" });
});

test("calls are filtered by everything that the trail can be asked for", () => {
  expect(auditFilters({ outcome: "failed", host: "a.example", operation: "getPet", days: 7, gpt_id: "gpt_1" })).toEqual({
    outcome: "failed", host: "a.example", operation: "getPet", days: 7, gpt_id: "gpt_1",
  });
  expect(auditFilters({ outcome: "won", days: 5 })).toEqual({});
});
