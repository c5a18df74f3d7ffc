import { queryOptions } from "@tanstack/react-query";
import type { components } from "./generated";
import { api, need } from "./client";
import { Problem } from "./problem";
import { queries } from "./queries";
import { sessionEnded } from "./session-ended";

export type Session = components["schemas"]["SessionView"];
const KEY = ["session"] as const;

/**
 * Who is signed in; null for nobody. Where the session ends while a page is open, it stays as it
 * was, so that the page and what was typed into it stay: `sessionEnded` says so.
 */
export const sessionQuery = queryOptions({
  queryKey: KEY,
  queryFn: async ({ signal }): Promise<Session | null> => {
    try {
      const session = await need(api.GET("/v1/session", { signal }));
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
  const before = queries.getQueryData<Session>(KEY);
  await need(api.POST("/v1/session", { headers: { authorization: `Bearer ${token}` } }));
  await returnSignedIn(before ?? null);
}

/** After a sign-in, here or in another tab: read again what was refused meanwhile. */
export async function returnSignedIn(before: Session | null): Promise<void> {
  const session = await queries.fetchQuery({ ...sessionQuery, staleTime: 0 });
  if (sessionEnded.is()) return;
  if (before !== null && before.member.id !== session?.member.id) {
    location.reload(); // Nothing that one member saw is shown to another.
    return;
  }
  await queries.invalidateQueries({ predicate: (query) => query.queryKey[0] !== KEY[0] });
}
