import { expect, test } from "vitest";
import { errorsFirst } from "./errors-first";

test("errors come before warnings and notes, each in the order of the text", () => {
  const found = ["note", "warning", "error", "note", "error"].map((severity, line) => ({ severity, line }));

  expect(errorsFirst(found).map(({ line }) => line)).toEqual([2, 4, 1, 0, 3]);
});
