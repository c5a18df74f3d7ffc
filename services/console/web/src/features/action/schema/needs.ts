import type { Values } from "./examined";

const VARIABLE = "server_variables.";

/** What a repair asks for, by the names of its `needs`, as members of `values`. */
export function valuesOf(answers: Readonly<Record<string, string>>): Values {
  const given = Object.entries(answers).map(([need, text]) => [need, text.trim()] as const);
  const base = given.find(([need]) => need === "base_url")?.[1];
  const variables = given.filter(([need]) => need.startsWith(VARIABLE));
  return {
    ...(base !== undefined && { base_url: base }),
    server_variables: Object.fromEntries(variables.map(([need, text]) => [need.slice(VARIABLE.length), text])),
  };
}

/** The name of a server variable, or null for the base URL. */
export function variableOf(need: string): string | null {
  return need.startsWith(VARIABLE) ? need.slice(VARIABLE.length) : null;
}
