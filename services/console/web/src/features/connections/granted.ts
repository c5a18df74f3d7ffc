import type { Connection } from "@/api/connections";

export interface GrantedScope {
  scope: string;
  /** `added`: granted without being asked for; `missing`: asked for and not granted. */
  is: "granted" | "added" | "missing";
}

/**
 * Every scope that was granted or asked for, in the order of the answer, the missing ones last. The API compares them:
 * it knows the names that a provider answers in place of those it was asked for.
 */
export function grantedOf(connection: Pick<Connection, "scopes" | "scopes_missing" | "scopes_added">): readonly GrantedScope[] {
  const { scopes, scopes_missing: missing, scopes_added: added } = connection;
  return [
    ...scopes.map((scope): GrantedScope => ({ scope, is: added.includes(scope) ? "added" : "granted" })),
    ...missing.map((scope): GrantedScope => ({ scope, is: "missing" })),
  ];
}
