import { expect, test } from "vitest";
import { fieldsOf, missingOf, readArguments } from "./argument-fields";

const fields = fieldsOf({
  properties: {
    note: { type: "string" },
    city: { type: "string" },
    days: { type: ["integer", "null"] },
    units: { type: "string", enum: ["metric", "imperial"] },
    verbose: { type: "boolean" },
    filter: { type: "object" },
  },
  required: ["city"],
});

test("fields that are required come first, each by the type of its value", () => {
  expect(fields.map(({ name, kind }) => [name, kind])).toEqual([
    ["city", "text"], ["note", "text"], ["days", "number"], ["units", "choice"],
    ["verbose", "boolean"], ["filter", "json"],
  ]);
});

test("what is typed becomes arguments, and what is empty is left out", () => {
  const typed = { city: "Bern", days: "3", units: "1", verbose: "true", filter: '{"a": 1}', note: "" };

  expect(readArguments(fields, typed)).toEqual({
    args: { city: "Bern", days: 3, units: "imperial", verbose: true, filter: { a: 1 } },
    unreadable: [],
  });
});

test("what cannot be read is named", () => {
  expect(readArguments(fields, { days: "three", filter: "{" }).unreadable).toEqual(["days", "filter"]);
});

test.each([
  [{ type: "array", items: { type: "string" } }, '["a", "b"]'],
  [{ type: "array" }, '["a", "b"]'],
  [{ type: "array", items: { type: "integer", minimum: 3 } }, "[3]"],
  [{ type: "object", properties: { zip: { type: "string" }, on: { type: "boolean" } }, required: ["on"] }, '{"on": true}'],
  [{ type: ["object", "null"], examples: [{ zip: "8000" }] }, '{"zip": "8000"}'],
  [{ type: "object" }, "{}"],
  [{ type: "string" }, ""],
])("what is written as JSON has an example made from its schema: %j", (schema, example) => {
  expect(fieldsOf({ properties: { one: schema } })[0]!.example).toBe(example);
});

test("what is required and empty is named, what is optional is not", () => {
  expect(missingOf(fields, { note: "" })).toEqual(["city"]);
  expect(missingOf(fields, { city: "Bern" })).toEqual([]);
});
