/**
 * Connections and the test of a sign-in, typed by hand: `generated.ts` takes their place once the
 * API's document has these routes.
 */
import type { Client } from "openapi-fetch";
import { api, need } from "./client";
import { type PageOf, pagesOf } from "./pages";

/** A member's account, or key of their own, at the API of one action. */
export interface Connection {
  id: string;
  action_id: string;
  kind: "oauth" | "key";
  /** The API's host. */
  service: string;
  /** Left out where the platform does not know them. */
  gpts?: Array<{ id: string; name: string }>;
  account_label: string;
  /** Granted. */
  scopes: string[];
  scopes_asked: string[];
  since: string;
  expires_at: string | null;
  last_used_at: string | null;
  state: "linked" | "sign_in_again" | "lost" | "revoked";
  /** With `what_to_do`: sentences, empty while it is linked. */
  why: string;
  what_to_do: string;
  /** The page to sign in at again, or empty. */
  sign_in: string;
}

/** As admins see it. */
export interface MemberConnection extends Connection {
  member_id: string;
}

/** How many members are connected at one action. */
export interface ConnectedAction {
  action_id: string;
  service: string;
  linked: number;
  sign_in_again: number;
  lost: number;
}

/** What the form for a key of one's own asks. */
export interface OwnKeyForm {
  /** One for each value. */
  labels: string[];
  placement: string;
  service: string;
  is_set: boolean;
}

export interface SignInTest {
  outcome: "accepted" | "rejected" | "unclear";
  /** HTTP, of the API's answer. */
  status: number | null;
  operation_id: string | null;
  invocation_id: string | null;
  sentence: string;
  hint: string;
}

interface Answered<Data, Status extends number = 200> {
  responses: Record<Status, { content: { "application/json": Data } }>;
}
interface Paged {
  parameters: { query?: { limit?: number; cursor?: string } };
}
interface OfAction {
  parameters: { path: { action_id: string } };
}

interface ConnectionPaths {
  "/v1/connections": { get: Paged & Answered<PageOf<Connection>> };
  "/v1/connections/start": {
    post: { requestBody: { content: { "application/json": { action_id: string; return_to?: string } } } } &
      Answered<{ url: string; expires_at: string }, 201>;
  };
  "/v1/connections/{connection_id}": {
    delete: { parameters: { path: { connection_id: string } }; responses: { 204: { content?: never } } };
  };
  "/v1/connections/keys/{action_id}": {
    get: OfAction & Answered<OwnKeyForm>;
    put: OfAction & { requestBody: { content: { "application/json": { values: string[] } } } } & Answered<Connection>;
  };
  "/v1/connections/actions": { get: Paged & Answered<PageOf<ConnectedAction>> };
  "/v1/connections/actions/{action_id}": { get: Paged & OfAction & Answered<PageOf<MemberConnection>> };
  "/v1/credentials/{action_id}/test": { post: OfAction & Answered<SignInTest> };
}

const routes = api as unknown as Client<ConnectionPaths>;
const KEY = "connections";

export const myConnectionsQuery = pagesOf([KEY, "mine"], (asked, signal) =>
  need(routes.GET("/v1/connections", { params: { query: asked }, signal })));

export const connectedActionsQuery = pagesOf([KEY, "actions"], (asked, signal) =>
  need(routes.GET("/v1/connections/actions", { params: { query: asked }, signal })));

export const connectedMembersQuery = (actionId: string) =>
  pagesOf([KEY, "actions", actionId], (asked, signal) =>
    need(routes.GET("/v1/connections/actions/{action_id}", {
      params: { path: { action_id: actionId }, query: asked }, signal,
    })));

/** Every list of connections; to be read again after a change. */
export const CONNECTIONS = [KEY] as const;

/** The address of the page at which the member signs in; it works once, for ten minutes. */
export async function startConnection(actionId: string, returnTo: string): Promise<string> {
  const body = { action_id: actionId, return_to: returnTo };
  return (await need(routes.POST("/v1/connections/start", { body }))).url;
}

export function endConnection(id: string): Promise<unknown> {
  return need(routes.DELETE("/v1/connections/{connection_id}", { params: { path: { connection_id: id } } }));
}

export const readOwnKeyForm = (actionId: string, signal: AbortSignal): Promise<OwnKeyForm> =>
  need(routes.GET("/v1/connections/keys/{action_id}", { params: { path: { action_id: actionId } }, signal }));

export function setOwnKey(actionId: string, values: string[]): Promise<Connection> {
  const params = { path: { action_id: actionId } };
  return need(routes.PUT("/v1/connections/keys/{action_id}", { params, body: { values } }));
}

/** One call of the draft, which is on record, says whether the API takes how the action signs in. */
export function testSignIn(actionId: string): Promise<SignInTest> {
  return need(routes.POST("/v1/credentials/{action_id}/test", { params: { path: { action_id: actionId } } }));
}
