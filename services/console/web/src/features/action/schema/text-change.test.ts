import { expect, test } from "vitest";
import { changeBetween } from "./text-change";

const applied = (text: string, { from, to, insert }: { from: number; to: number; insert: string }) =>
  text.slice(0, from) + insert + text.slice(to);

test.each([
  ["paths:\n  /a: 1\n", "paths:\n  /a: 2\n"],
  ["aaaa", "aa"],
  ["aa", "aaaa"],
  ["", "a"],
  ["a", ""],
  ["abcabc", "abc"],
])("what lies between %j and %j is one change", (before, after) => {
  expect(applied(before, changeBetween(before, after)!)).toBe(after);
});

test("a change touches what differs and nothing else", () => {
  expect(changeBetween("one two three", "one 2 three")).toEqual({ from: 4, to: 7, insert: "2" });
});

test("between equal texts there is no change", () => {
  expect(changeBetween("same", "same")).toBeNull();
});
