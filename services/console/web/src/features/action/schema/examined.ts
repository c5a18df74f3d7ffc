import { api, need } from "@/api/client";
import type { components } from "@/api/generated";

export type Examined = components["schemas"]["ExaminedView"];
export type Finding = components["schemas"]["FindingView"];
export type Repair = NonNullable<Finding["repair"]>;
export type Operation = components["schemas"]["OperationView"];
export type Values = components["schemas"]["Values"];
export type Repaired = components["schemas"]["RepairedView"];

/** Where a text is so long that writing it as a JSON text would be felt. */
const LONG = 100_000;

/** Everything about a text, without keeping it. */
export function examine(text: string, values: Values, signal: AbortSignal): Promise<Examined> {
  return need(api.POST("/v1/schemas/validate", { ...bodyOf(text, values), signal }));
}

/** The text with the repair of one finding, or with all that need nothing. */
export function repair(text: string, finding: Finding | null, values: Values): Promise<Repaired> {
  const findings = finding === null ? undefined : [{ code: finding.code, pointer: finding.pointer }];
  const body = { text, values, ...(findings && { findings }) };
  return need(api.POST("/v1/schemas/repair", { body: body as never }));
}

/** The same document, laid out anew. */
export async function format(text: string): Promise<string> {
  const asked = api.POST("/v1/schemas/format", { ...bodyOf(text, {}), parseAs: "text" });
  return (await need(asked)) as unknown as string;
}

/** A long text without values goes as it is: a body that begins with no name of ours is a document. */
function bodyOf(text: string, values: Values) {
  const isBare = text.length > LONG && !hasValues(values);
  return isBare
    ? { body: text as never, bodySerializer: (body: unknown) => body as string }
    : { body: { text, ...(hasValues(values) && { values }) } as never };
}

function hasValues({ base_url, server_variables }: Values): boolean {
  return base_url != null || Object.keys(server_variables ?? {}).length > 0;
}
