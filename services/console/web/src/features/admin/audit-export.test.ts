import { expect, test } from "vitest";
import { COLUMNS, csvOf, jsonLinesOf } from "./audit-export";
import type { Call } from "./timeline";

const CALL = { id: "inv_1", operation: "=1+1", host: 'a"b,c', status: null, duration_ms: -1.5 } as unknown as Call;

test("a cell is no formula, and commas and quotes stay within it", () => {
  const [header, line] = csvOf([CALL]).split("\r\n");

  expect(header).toBe(COLUMNS.join(","));
  expect(line).toContain(`,'=1+1,,"a""b,c",`);
  expect(line).toContain(",-1.5,");
});

test("a line of JSON holds a call", () => {
  expect(jsonLinesOf([CALL, CALL]).trim().split("\n").map((line) => JSON.parse(line))).toEqual([CALL, CALL]);
});
