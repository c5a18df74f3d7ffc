import type { Connection } from "@/api/connections";

export interface GrantedScope {
  scope: string;
  /** `added`: granted without being asked for; `missing`: asked for and not granted. */
  is: "granted" | "added" | "missing";
}

/** Every scope that was granted or asked for, in the order of the answer, the missing ones last. */
export function grantedOf({ scopes, scopes_asked: asked }: Pick<Connection, "scopes" | "scopes_asked">): readonly GrantedScope[] {
  return [
    ...scopes.map((scope): GrantedScope => ({ scope, is: asked.includes(scope) ? "granted" : "added" })),
    ...asked.filter((scope) => !scopes.includes(scope)).map((scope): GrantedScope => ({ scope, is: "missing" })),
  ];
}
