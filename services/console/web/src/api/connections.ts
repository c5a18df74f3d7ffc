import { api, need } from "./client";
import type { components } from "./generated";
import { pagesOf } from "./pages";

type Schemas = components["schemas"];

/** A member's account, or key of their own, at the API of one action. */
export type Connection = Schemas["ConnectionView"];
/** As admins see it. */
export type MemberConnection = Schemas["MemberConnectionView"];
export type OwnKeyForm = Schemas["OwnKeyFormView"];

/** What came of a test of how an action signs in. */
export type SignInTest = Schemas["TestedView"];

const KEY = "connections";

export const myConnectionsQuery = pagesOf([KEY, "mine"], (asked, signal) =>
  need(api.GET("/v1/connections", { params: { query: asked }, signal })));

export const connectedActionsQuery = pagesOf([KEY, "actions"], (asked, signal) =>
  need(api.GET("/v1/connections/actions", { params: { query: asked }, signal })));

export const connectedMembersQuery = (actionId: string) =>
  pagesOf([KEY, "actions", actionId], (asked, signal) =>
    need(api.GET("/v1/connections/actions/{action_id}", {
      params: { path: { action_id: actionId }, query: asked }, signal,
    })));

/** Every list of connections; to be read again after a change. */
export const CONNECTIONS = [KEY] as const;

/** The address of the page at which the member signs in; it works once, for ten minutes. */
export async function startConnection(actionId: string, returnTo: string): Promise<string> {
  const body = { action_id: actionId, return_to: returnTo };
  return (await need(api.POST("/v1/connections/start", { body }))).url;
}

export function endConnection(id: string): Promise<unknown> {
  return need(api.DELETE("/v1/connections/{connection_id}", { params: { path: { connection_id: id } } }));
}

export const readOwnKeyForm = (actionId: string, signal: AbortSignal): Promise<OwnKeyForm> =>
  need(api.GET("/v1/connections/keys/{action_id}", { params: { path: { action_id: actionId } }, signal }));

/** `version` is that of the form: a key that was meant for another host is refused. */
export function setOwnKey(actionId: string, values: string[], version: string): Promise<Connection> {
  const params = { path: { action_id: actionId } };
  return need(api.PUT("/v1/connections/keys/{action_id}", { params, body: { values, version } }));
}

/** One call of the draft, which is on record, says whether the API takes how the action signs in. */
export function testSignIn(actionId: string): Promise<SignInTest> {
  return need(api.POST("/v1/credentials/{action_id}/test", { params: { path: { action_id: actionId } } }));
}
