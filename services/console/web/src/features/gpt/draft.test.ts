import { describe, expect, test } from "vitest";
import { changesOf, type Fields, merge, storable } from "./draft";

const base: Fields = { name: "Desk", description: "", instructions: "Be brief.", starters: [] };

describe("merge", () => {
  test("keeps both sides' changes of different fields", () => {
    const merged = merge(base, { ...base, name: "Weather" }, { ...base, instructions: "Be kind." });

    expect(merged).toEqual({
      values: { ...base, name: "Weather", instructions: "Be kind." },
      conflicts: [],
    });
  });

  test("names a field that both changed to different values, and keeps mine until one decides", () => {
    const merged = merge(base, { ...base, name: "Mine" }, { ...base, name: "Theirs" });

    expect(merged.conflicts).toEqual(["name"]);
    expect(merged.values.name).toBe("Mine");
  });

  test("sees no conflict where both made the same change", () => {
    const both = { ...base, starters: ["Will it rain?"] };

    expect(merge(base, both, both).conflicts).toEqual([]);
  });
});

test("only what changed is sent", () => {
  expect(changesOf(base, { ...base, description: "New" })).toEqual({ description: "New" });
});

test("rows of starters that are empty are not stored", () => {
  expect(storable({ ...base, starters: ["", "A", " "] }).starters).toEqual(["A"]);
});
