import type { Bar } from "./timeline";

/** Where a bar or a label stands, in percent of the axis. */
export interface Place {
  x: number;
  width: number;
}

export interface Label {
  from: number;
  /** Percent of the axis; a label begins, is centred, or ends there. */
  x: number;
  anchor: "start" | "middle" | "end";
}

/** Of each span's width, what its bar takes. */
const FILLED = 0.8;
/** So many spans at least have their own middle label. */
const MIDDLE_FROM = 5;

/** The spans share the axis; a bar stands in the middle of its span. */
export function placeOf(place: number, count: number): Place {
  const span = 100 / count;
  return { x: span * (place + (1 - FILLED) / 2), width: span * FILLED };
}

/** Of the first and the last bar, and of one between where there is room: each where its bar is. */
export function labelsOf(bars: readonly Bar[]): readonly Label[] {
  const last = bars.length - 1;
  const labelOf = (place: number, anchor: Label["anchor"]): Label => {
    const { x, width } = placeOf(place, bars.length);
    const shift = anchor === "start" ? 0 : anchor === "end" ? width : width / 2;
    return { from: bars[place]!.from, x: x + shift, anchor };
  };
  if (last < 0) return [];
  if (last === 0) return [labelOf(0, "middle")];
  const middle = bars.length >= MIDDLE_FROM ? [labelOf(Math.round(last / 2), "middle")] : [];
  return [labelOf(0, "start"), ...middle, labelOf(last, "end")];
}

/** The scale's numbers, the highest first: a round one that no bar exceeds, its half where that is whole, 0. */
export function scaleOf(highest: number): readonly number[] {
  const power = 10 ** Math.floor(Math.log10(Math.max(1, highest)));
  const top = [1, 2, 4, 5, 6, 8, 10].map((step) => step * power).find((one) => one >= highest)!;
  return top % 2 === 0 ? [top, top / 2, 0] : [top, 0];
}
