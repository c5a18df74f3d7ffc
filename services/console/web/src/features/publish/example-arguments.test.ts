import { expect, test } from "vitest";
import { exampleArguments } from "./example-arguments";

test("an example has every required argument, of its type, and no other", () => {
  const schema = {
    type: "object",
    properties: {
      city: { type: "string" },
      days: { type: "integer" },
      from: { type: "integer", minimum: 5 },
      hourly: { type: ["null", "boolean"] },
      place: { type: "object", properties: { zip: { type: "string" } }, required: ["zip"] },
      tags: { type: "array" },
      units: { type: "string" },
    },
    required: ["city", "days", "from", "hourly", "place", "tags"],
  };

  expect(exampleArguments(schema)).toEqual({
    city: "city", days: 1, from: 5, hourly: true, place: { zip: "zip" }, tags: [],
  });
});

test("a value that the schema names is taken", () => {
  const properties = {
    one: { const: 3 }, two: { default: false }, three: { examples: ["Bern"] }, four: { enum: ["cat", "dog"] },
  };

  expect(exampleArguments({ properties, required: Object.keys(properties) }))
    .toEqual({ one: 3, two: false, three: "Bern", four: "cat" });
});

test("an operation without arguments is called with none", () => {
  expect(exampleArguments({})).toEqual({});
});
