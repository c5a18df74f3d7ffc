import { queryOptions } from "@tanstack/react-query";
import type { components } from "./generated";
import { api, need } from "./client";
import { Problem } from "./problem";
import { queries } from "./queries";
import { sessionEnded } from "./session-ended";

export type Session = components["schemas"]["SessionView"];
const KEY = ["session"] as const;

/** Nothing that one member saw is shown to another, whose session another tab of the browser began. */
function beginAnewWhere(before: Session | null | undefined, now: Session): Promise<never> | undefined {
  if (before == null || before.member.id === now.member.id) return undefined;
  location.reload();
  return new Promise(() => undefined);
}

/** What is kept in this browser under that name, for whoever is signed in and nobody else. */
export function ownKey(name: string): string {
  return `openactions.${queries.getQueryData<Session>(KEY)?.member.id ?? "nobody"}.${name}`;
}

/** The session is over, by one's own wish: what it read is forgotten. */
export function signedOut(): void {
  queries.setQueryData(KEY, null);
  queries.removeQueries({ predicate: (query) => query.queryKey[0] !== KEY[0] });
  queries.getMutationCache().clear();
}

/**
 * Who is signed in; null for nobody. Where the session ends while a page is open, it stays as it
 * was, so that the page and what was typed into it stay: `sessionEnded` says so.
 */
export const sessionQuery = queryOptions({
  queryKey: KEY,
  queryFn: async ({ signal }): Promise<Session | null> => {
    try {
      const session = await need(api.GET("/v1/session", { signal }));
      await beginAnewWhere(queries.getQueryData<Session>(KEY), session);
      sessionEnded.set(false);
      return session;
    } catch (error) {
      if (error instanceof Problem && error.status === 401) return queries.getQueryData<Session>(KEY) ?? null;
      throw error;
    }
  },
  staleTime: 60_000,
});

/** This browser is signed in as the token's member; throws `Problem`. */
export async function signInWithToken(token: string): Promise<void> {
  await need(api.POST("/v1/session", { headers: { authorization: `Bearer ${token}` } }));
  await returnSignedIn();
}

/** After a sign-in, here or in another tab: read again what was refused meanwhile. */
export async function returnSignedIn(): Promise<void> {
  await queries.fetchQuery({ ...sessionQuery, staleTime: 0 });
  if (sessionEnded.is()) return;
  await queries.invalidateQueries({ predicate: (query) => query.queryKey[0] !== KEY[0] });
}
