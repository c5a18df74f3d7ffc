import { expect, test } from "vitest";
import { Problem } from "@/api/problem";
import type { Called } from "./tools";
import { traceOf, traceOfRefusal } from "./trace";

const CALLED = {
  id: "inv_1", outcome: "succeeded", status: 200, content_type: "application/json", duration_ms: 12.4, error: null,
  coerced: [{ pointer: "/days", change: "text_to_integer" }], masked: 1,
} as unknown as Called;
const RECORD = { method: "get", host: "api.example.com", response_bytes: 20 } as never;

test("a call that was answered shows each decision in its order", () => {
  expect(traceOf(CALLED, RECORD).map(({ key, about }) => [key, about])).toEqual([
    ["arguments", ""], ["coerced", "/days: text_to_integer"], ["rules", "api.example.com"],
    ["sent", "GET api.example.com"], ["answered", "HTTP 200, application/json, 20 B, 12 ms"], ["masked", "1"],
    ["recorded", "inv_1"],
  ]);
});

test("a call that got no answer says so", () => {
  const steps = traceOf({ ...CALLED, outcome: "unknown", status: null } as Called, undefined);

  expect(steps.find((step) => !step.passed)?.key).toBe("unanswered");
});

test.each([
  ["policy.no_domains_allowed", ["arguments", "refused"]],
  ["execution.arguments_invalid", ["refused"]],
])("what was refused with %s ends there", (code, keys) => {
  const steps = traceOfRefusal(new Problem({ status: 403, code, detail: "" }));

  expect(steps.map((step) => step.key)).toEqual(keys);
});
