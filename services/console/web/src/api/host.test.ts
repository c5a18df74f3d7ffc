import { expect, test } from "vitest";
import { shownHost } from "./host";

test("the port of https is left out, and any other one stays", () => {
  expect(["api.example.org:443", "api.example.org:8443", "api.example.org"].map(shownHost)).toEqual([
    "api.example.org", "api.example.org:8443", "api.example.org",
  ]);
});
