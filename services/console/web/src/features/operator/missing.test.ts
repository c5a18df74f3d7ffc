import { expect, test } from "vitest";
import { missingOf } from "./missing";

test("what a service waits for is named, and what is well is not", () => {
  expect(missingOf({ status: "unavailable", checks: { nats: "ok", mongodb: "no answer" } })).toEqual(["mongodb: no answer"]);
});

test("an answer of something else names nothing", () => {
  expect([missingOf(null), missingOf("<html>"), missingOf({ checks: null })]).toEqual([[], [], []]);
});
