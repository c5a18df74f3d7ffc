import { expect, test } from "vitest";
import { barsOf, type Call } from "./timeline";

const call = (at: string, outcome: string | null = "succeeded") => ({ at, outcome }) as unknown as Call;

test("calls of a few minutes stand minute by minute, also those without any", () => {
  const bars = barsOf([call("2026-01-01T00:02:30Z", "failed"), call("2026-01-01T00:00:10Z"), call("2026-01-01T00:00:20Z")]);

  expect(bars.map((bar) => bar.total)).toEqual([2, 0, 1]);
  expect(bars[2]!.counts.failed).toBe(1);
});

test("calls of a month are at most 48 bars, and none is lost", () => {
  const calls = Array.from({ length: 30 }, (_, day) => call(new Date(Date.UTC(2026, 0, 1 + day)).toISOString()));

  const bars = barsOf(calls);

  expect(bars.length).toBeLessThanOrEqual(48);
  expect(bars.reduce((sum, bar) => sum + bar.total, 0)).toBe(30);
});

test("a call that is under way counts as one whose end is not known", () => {
  expect(barsOf([call("2026-01-01T00:00:00Z", null)])[0]!.counts.unknown).toBe(1);
});

test("without calls there are no bars", () => {
  expect(barsOf([])).toEqual([]);
});
