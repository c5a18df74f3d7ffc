import { expect, test } from "vitest";
import { valuesOf, variableOf } from "./needs";

test("answers to what a repair needs become values", () => {
  expect(valuesOf({ base_url: " https://api.example.com ", "server_variables.region": "eu" })).toEqual({
    base_url: "https://api.example.com",
    server_variables: { region: "eu" },
  });
});

test("a server variable has a name, the base URL has none", () => {
  expect([variableOf("server_variables.region"), variableOf("base_url")]).toEqual(["region", null]);
});
