import { expect, test } from "vitest";
import { gptFilters } from "./gpt-filters";

test("the address of the list holds a text and one of two states, and nothing else", () => {
  expect(gptFilters({ q: "pets", state: "draft", more: 1 })).toEqual({ q: "pets", state: "draft" });
  expect(gptFilters({ q: "", state: "other" })).toEqual({});
});
