import { expect, test } from "vitest";
import type { Gpt } from "@/features/gpt/gpt";
import { checklistOf, isAllowed } from "./checklist";

const ACTION = {
  id: "act_1", name: "Weather", schema_id: "sch_1", operations: ["get"],
  origins: ["https://api.example.org:8443"], privacy_policy_url: null,
};
const GPT = { actions: [ACTION] } as unknown as Gpt;
const DOMAINS = { mode: "list", domains: ["example.org"] } as const;

test("a GPT without actions lacks one", () => {
  const rules = checklistOf({ gpt: { ...GPT, actions: [] }, sharing: "private", domains: DOMAINS, usable: new Map() });

  expect(rules).toEqual([{ key: "has_action", passed: false }]);
});

test("each host has to be allowed, each action signs in, and shared ones name a policy", () => {
  const rules = checklistOf({ gpt: GPT, sharing: "public", domains: DOMAINS, usable: new Map([["act_1", true]]) });

  expect(rules.map(({ key, passed }) => [key, passed])).toEqual([
    ["has_action", true], ["domains_allowed", true], ["signs_in", true], ["privacy_policy", false],
  ]);
});

test("a domain covers its subdomains and nothing that only ends alike", () => {
  expect(isAllowed("api.example.org", DOMAINS)).toBe(true);
  expect(isAllowed("badexample.org", DOMAINS)).toBe(false);
  expect(isAllowed("other.net", { mode: "all", domains: [] })).toBe(true);
});
