import type { components } from "@/api/generated";

export type Call = components["schemas"]["InvocationRecordView"];
export type Ending = "succeeded" | "failed" | "refused" | "unknown";
export const ENDINGS: readonly Ending[] = ["succeeded", "failed", "refused", "unknown"];

export interface Bar {
  /** The bar's first moment. */
  from: number;
  counts: Readonly<Record<Ending, number>>;
  total: number;
}

const MINUTE = 60_000;
const WIDTHS = [MINUTE, 5 * MINUTE, 15 * MINUTE, 60 * MINUTE, 6 * 60 * MINUTE, 24 * 60 * MINUTE, 7 * 24 * 60 * MINUTE];
const MAX_BARS = 48;

/** How many calls ended how, in at most 48 equal spans of a round length, the oldest first. */
export function barsOf(calls: readonly Call[]): readonly Bar[] {
  const times = calls.map((call) => Date.parse(call.at));
  if (times.length === 0) return [];
  const [first, last] = [Math.min(...times), Math.max(...times)];
  const width = WIDTHS.find((one) => (last - first) / one < MAX_BARS - 1) ?? WIDTHS.at(-1)!;
  const begin = Math.floor(first / width) * width;
  const bars = Array.from({ length: Math.floor((last - begin) / width) + 1 }, (_, place) => ({
    from: begin + place * width, counts: { succeeded: 0, failed: 0, refused: 0, unknown: 0 }, total: 0,
  }));
  for (const [place, call] of calls.entries()) {
    const bar = bars[Math.floor((times[place]! - begin) / width)]!;
    bar.counts[call.outcome ?? "unknown"] += 1;
    bar.total += 1;
  }
  return bars.slice(-MAX_BARS);
}
