import { expect, test } from "vitest";
import { rulesAfter } from "./rules-after";

const RULES = { mode: "all", domains: ["a.example"] } as const;

test("no domains is an empty list, and another mode keeps the domains", () => {
  expect(rulesAfter(RULES, "none")).toEqual({ mode: "list", domains: [] });
  expect(rulesAfter(RULES, "list")).toEqual({ mode: "list", domains: ["a.example"] });
});

test("domains that are approved once more stand beside what was approved meanwhile", () => {
  expect(rulesAfter({ mode: "list", domains: ["new.example", "a.example"] }, ["a.example", "b.example"]))
    .toEqual({ mode: "list", domains: ["new.example", "a.example", "b.example"] });
});
