import type { Call } from "./timeline";

export const COLUMNS = [
  "id", "at", "member_id", "via", "acted_by", "gpt_id", "action_id", "operation", "method", "host", "outcome", "code",
  "status", "response_bytes", "duration_ms", "arguments_hash",
] as const satisfies ReadonlyArray<keyof Call>;

/** RFC 4180, with a header; a spreadsheet takes no cell for a formula. */
export function csvOf(calls: readonly Call[]): string {
  const lines = calls.map((call) => COLUMNS.map((column) => cellOf(call[column])).join(","));
  return `${[COLUMNS.join(","), ...lines].join("\r\n")}\r\n`;
}

/** A call a line, with all that the trail has of it. */
export function jsonLinesOf(calls: readonly Call[]): string {
  return calls.map((call) => `${JSON.stringify(call)}\n`).join("");
}

function cellOf(value: string | number | null | undefined): string {
  if (value === null || value === undefined) return "";
  const text = typeof value === "string" && /^[=+\-@\t\r]/.test(value) ? `'${value}` : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
