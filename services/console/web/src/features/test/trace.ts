import { shownHost } from "@/api/host";
import type { Problem } from "@/api/problem";
import type { components } from "@/api/generated";
import type { Called } from "./tools";

type Record = components["schemas"]["FoundInvocationView"];

/** One decision on a call's way; `about` fills its text. */
export interface Step {
  key: "arguments" | "coerced" | "rules" | "sent" | "masked" | "answered" | "unanswered" | "refused" | "recorded";
  passed: boolean;
  about: string;
}

/** Of a call that was sent: everything before that let it pass. */
export function traceOf(called: Called, record: Record | undefined): readonly Step[] {
  const coerced = called.coerced ?? [];
  const masked = called.masked ?? 0;
  const host = shownHost(record?.host ?? "");
  const target = [record?.method?.toUpperCase(), host].filter(Boolean).join(" ");
  return [
    { key: "arguments", passed: true, about: "" },
    ...coerced.map(({ pointer, change }): Step => ({ key: "coerced", passed: true, about: `${pointer}: ${change}` })),
    { key: "rules", passed: true, about: host },
    { key: "sent", passed: true, about: target },
    called.status === null
      ? { key: "unanswered", passed: false, about: called.error?.code ?? "" }
      : { key: "answered", passed: called.outcome === "succeeded", about: answerOf(called, record) },
    ...(masked > 0 ? [{ key: "masked", passed: true, about: String(masked) } as Step] : []),
    { key: "recorded", passed: true, about: called.id },
  ];
}

/** Of a call that was refused before anything was sent. */
export function traceOfRefusal({ code }: Problem): readonly Step[] {
  const isOfArguments = code.startsWith("argument.") || code === "execution.arguments_invalid";
  const before: readonly Step[] = isOfArguments ? [] : [{ key: "arguments", passed: true, about: "" }];
  return [...before, { key: "refused", passed: false, about: code }];
}

function answerOf(called: Called, record: Record | undefined): string {
  const bytes = record?.response_bytes == null ? "" : `${record.response_bytes} B`;
  return [`HTTP ${called.status}`, called.content_type ?? "", bytes, `${Math.round(called.duration_ms)} ms`]
    .filter((part) => part !== "").join(", ");
}
