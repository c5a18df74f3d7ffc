import { expect, test } from "vitest";
import type { Bar } from "./timeline";
import { labelsOf, placeOf, scaleOf } from "./timeline-axis";

const barsFrom = (count: number) => Array.from({ length: count }, (_, from) => ({ from }) as Bar);

test.each([1, 3, 23, 48])("%i bars fill the width of the axis, evenly", (count) => {
  const places = Array.from({ length: count }, (_, place) => placeOf(place, count));
  const margin = places[0]!.x;
  const last = places.at(-1)!;

  expect(last.x + last.width).toBeCloseTo(100 - margin);
  expect(places.every(({ width }) => Math.abs(width - 80 / count) < 1e-9)).toBe(true);
});

test("the first and the last label stand at the edges of their own bars, the middle one at its bar's centre", () => {
  const bars = barsFrom(7);
  const [first, middle, last] = labelsOf(bars);

  expect(first).toEqual({ from: 0, x: placeOf(0, 7).x, anchor: "start" });
  expect(middle).toMatchObject({ from: 3, anchor: "middle" });
  expect(middle!.x).toBeCloseTo(50);
  expect(last!.from).toBe(6);
  expect(last!.x).toBeCloseTo(placeOf(6, 7).x + placeOf(6, 7).width);
});

test("a single bar has one label, and two have two", () => {
  expect(labelsOf(barsFrom(1))).toEqual([{ from: 0, x: 50, anchor: "middle" }]);
  expect(labelsOf(barsFrom(2)).map(({ from }) => from)).toEqual([0, 1]);
  expect(labelsOf([])).toEqual([]);
});

test.each([
  [0, [1, 0]], [1, [1, 0]], [2, [2, 1, 0]], [3, [4, 2, 0]], [7, [8, 4, 0]], [11, [20, 10, 0]], [999, [1000, 500, 0]],
])("no bar of %i exceeds the scale, whose numbers are whole", (highest, scale) => {
  expect(scaleOf(highest)).toEqual(scale);
});
