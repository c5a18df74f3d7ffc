import { expect, test } from "vitest";
import type { Operation } from "./examined";
import { outlineOf, placeOfKey } from "./outline";

const operation = (method: string, path: string) => ({ name: `${method}_${path}`, method, path }) as Operation;
const YAML = `openapi: 3.1.0
info: {title: T}
paths:
  /pets/{id}:
    get: {}
    delete: {}
  "/pets":
    get: {}
components: {}
`;

test("sections and operations stand in the order of the text", () => {
  const shown = outlineOf(YAML, [operation("get", "/pets"), operation("delete", "/pets/{id}")]);

  expect(shown.map((one) => one.label)).toEqual([
    "openapi", "info", "paths", "delete_/pets/{id}", "get_/pets", "components",
  ]);
  expect(YAML.slice(shown[3]!.place)).toMatch(/^delete: /);
});

test("JSON in one line has an outline, too", () => {
  const text = '{"openapi":"3.1.0","paths":{"/a":{"get":{}},"/b":{"get":{}}}}';

  const shown = outlineOf(text, [operation("get", "/b")]);

  expect(text.slice(shown.at(-1)!.place)).toBe('"get":{}}}}');
});

test("a key that is part of another one is not found", () => {
  expect(placeOfKey("  /pets/{id}: {}\n", "/pets", 0)).toBeNull();
});

test("an operation whose path the text does not have is left out", () => {
  expect(outlineOf("openapi: 3.1.0\n", [operation("get", "/gone")]).map((one) => one.label)).toEqual(["openapi"]);
});
