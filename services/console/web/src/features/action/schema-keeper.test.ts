import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { SchemaKeeper } from "./schema-keeper";
import type { Kept } from "./typed-schema";

let kept: Kept | null;
let keeper: SchemaKeeper;

beforeEach(() => {
  vi.useFakeTimers();
  kept = null;
  keeper = new SchemaKeeper("sch_1", "stored", (next) => { kept = next; });
});
afterEach(() => vi.useRealTimers());

test("what was typed is kept after a pause, and the stored text is not", () => {
  keeper.typed("typed");
  expect(kept).toBeNull();
  vi.runAllTimers();
  expect(kept).toEqual({ of: "sch_1", text: "typed" });

  keeper.typed("stored");
  vi.runAllTimers();
  expect(kept).toBeNull();
});

test("what was typed just before the page is left is kept", () => {
  keeper.typed("typed");
  keeper.close();

  expect(kept).toEqual({ of: "sch_1", text: "typed" });
});

test("what an editor tells when it ends, after its page was left, is kept", () => {
  keeper.close();
  keeper.typed("typed at last");

  expect(kept).toEqual({ of: "sch_1", text: "typed at last" });
});

test("a text that was saved is not kept again by what waited for a pause", () => {
  keeper.typed("typed");
  keeper.saved("sch_2", "typed", "typed");
  keeper.close();
  vi.runAllTimers();

  expect(kept).toBeNull();
});

test("what is typed while a save runs is kept over the schema that was saved", () => {
  keeper.typed("typed");
  keeper.saved("sch_2", "typed", "typed on");
  expect(kept).toEqual({ of: "sch_2", text: "typed on" });

  keeper.typed("typed on and on");
  keeper.close();

  expect(kept).toEqual({ of: "sch_2", text: "typed on and on" });
});
