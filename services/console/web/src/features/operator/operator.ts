import { api, need } from "@/api/client";
import type { components } from "@/api/generated";
import { missingOf } from "./missing";

export type Tenant = components["schemas"]["TenantView"];
export type DeadLetter = components["schemas"]["DeadLetterView"];
export const SERVICES = ["identity", "catalog", "schema", "auth", "policy", "execution", "console"] as const;
export type Service = (typeof SERVICES)[number];

export interface Health {
  service: Service;
  isReady: boolean;
  /** What it waits for, in its own words; empty where all is well. */
  missing: readonly string[];
}

/** The routes of `/v1/workspaces` and `/v1/operator`, by the operator's token, which is kept in memory alone. */
export class Operator {
  readonly #headers: { authorization: string };

  constructor(token: string) {
    this.#headers = { authorization: `Bearer ${token}` };
  }

  list(asked: { limit: number; cursor?: string; q: string }, signal?: AbortSignal) {
    return need(api.GET("/v1/workspaces", { params: { query: asked }, headers: this.#headers, ...(signal && { signal }) }));
  }

  create(title: string) {
    return need(api.POST("/v1/workspaces", { body: { title }, headers: this.#headers }));
  }

  linkFor(id: string) {
    const params = { path: { workspace_id: id } };
    return need(api.POST("/v1/workspaces/{workspace_id}/sign-in-links", { params, headers: this.#headers }));
  }

  close({ id, title }: Tenant) {
    const params = { path: { workspace_id: id } };
    return need(api.DELETE("/v1/workspaces/{workspace_id}", { params, body: { title }, headers: this.#headers }));
  }

  deadLetters(asked: { limit: number; cursor?: string }, signal?: AbortSignal) {
    return need(api.GET("/v1/operator/dead-letters", { params: { query: asked }, headers: this.#headers, ...(signal && { signal }) }));
  }

  deliverAgain(sequence: number) {
    return need(api.POST("/v1/operator/dead-letters/{sequence}/retry", { params: { path: { sequence } }, headers: this.#headers }));
  }

  discard(sequence: number) {
    return need(api.POST("/v1/operator/dead-letters/{sequence}/discard", { params: { path: { sequence } }, headers: this.#headers }));
  }

  restore(id: string) {
    const params = { path: { workspace_id: id } };
    return need(api.POST("/v1/workspaces/{workspace_id}/restore", { params, headers: this.#headers }));
  }
}

/** Each service's readiness, as the edge passes it on. */
export function readHealth(signal: AbortSignal): Promise<Health[]> {
  return Promise.all(SERVICES.map(async (service): Promise<Health> => {
    const answer = await fetch(`/-/${service}/readyz`, { signal }).catch(() => null);
    const said: unknown = answer === null ? null : await answer.json().catch(() => null);
    return { service, isReady: answer?.ok ?? false, missing: missingOf(said) };
  }));
}
