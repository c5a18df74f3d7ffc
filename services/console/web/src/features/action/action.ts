import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { api, need } from "@/api/client";
import type { components } from "@/api/generated";
import { gptQuery, readGpt } from "@/features/gpt/gpt";
import { tokensQuery } from "@/features/test/tools";
import type { Credential, CredentialBody } from "./auth/auth-form";
import { type Bound, bindSchema } from "./bind-schema";

type Schemas = components["schemas"];
export type Action = Schemas["CatalogBoundActionView"] | Schemas["ActionView"];
export type { Credential } from "./auth/auth-form";
export type ActionChange = Partial<Schemas["ActionEditBody"]>;

export interface ActionIds {
  gptId: string;
  actionId: string;
}

export const actionQuery = ({ gptId, actionId }: ActionIds) =>
  queryOptions({
    queryKey: ["gpt", gptId, "action", actionId],
    queryFn: ({ signal }) =>
      need(api.GET("/v1/gpts/{gpt_id}/actions/{action_id}", {
        params: { path: { gpt_id: gptId, action_id: actionId } }, signal,
      })),
  });

export const credentialQuery = (actionId: string) =>
  queryOptions({
    queryKey: ["credential", actionId],
    queryFn: ({ signal }) =>
      need(api.GET("/v1/credentials/{action_id}", { params: { path: { action_id: actionId } }, signal })),
  });

/** A document's text as it was entered; one that is kept never changes. */
export const documentQuery = (schemaId: string) =>
  queryOptions({
    queryKey: ["document", schemaId],
    queryFn: ({ signal }): Promise<string> => readDocument(schemaId, signal),
    staleTime: Infinity,
  });

export function readDocument(schemaId: string, signal?: AbortSignal): Promise<string> {
  const params = { path: { schema_id: schemaId } };
  const asked = api.GET("/v1/schemas/{schema_id}/document", { params, parseAs: "text", ...(signal && { signal }) });
  return need(asked) as Promise<string>;
}

/** What is known of a kept document: where it is from, its findings, its versions. */
export const schemaQuery = (schemaId: string) =>
  queryOptions({
    queryKey: ["schema", schemaId],
    queryFn: ({ signal }) =>
      need(api.GET("/v1/schemas/{schema_id}", { params: { path: { schema_id: schemaId } }, signal })),
  });

export interface NewSchema {
  text: string;
  previousId?: string;
  /** Where it was fetched from. */
  sourceUrl: string | null;
}

/** Keep a text, as the next version of `previousId` where there is one; the answer is its id. */
export async function storeSchema({ text, previousId, sourceUrl }: NewSchema): Promise<string> {
  const body = {
    text,
    ...(previousId !== undefined && { previous_id: previousId }),
    ...(sourceUrl !== null && { source_url: sourceUrl }),
  };
  return (await need(api.POST("/v1/schemas", { body: body as never }))).id;
}

export function useEditAction(ids: ActionIds) {
  const follow = useFollowAction(ids);
  return useMutation({ mutationFn: (change: ActionChange) => editAction(ids, change), onSuccess: follow });
}

/** Bind the action to the next version of the schema `from`; `bindSchema` says what is refused. */
export function useBindSchema(ids: ActionIds, from: string) {
  const known = useQueryClient();
  const follow = useFollowAction(ids);
  return useMutation({
    mutationFn: (to: string) =>
      bindSchema(from, to, {
        read: () => readBound(ids),
        offered: async (schemaId) => (await known.ensureQueryData(tokensQuery(schemaId))).size,
        patch: (change, etag) => editAction(ids, change, etag),
      }),
    onSuccess: follow,
    onError: () => known.invalidateQueries({ queryKey: actionQuery(ids).queryKey }),
  });
}

function useFollowAction(ids: ActionIds) {
  const known = useQueryClient();
  return (action: Action) => {
    known.setQueryData(actionQuery(ids).queryKey, action as never);
    void known.invalidateQueries({ queryKey: gptQuery(ids.gptId).queryKey, exact: true });
    void known.invalidateQueries({ queryKey: ["gpts"] });
  };
}

/** With `etag`, the GPT's, refused with 412 where somebody changed the GPT since. */
function editAction({ gptId, actionId }: ActionIds, change: ActionChange, etag?: string) {
  const params = {
    path: { gpt_id: gptId, action_id: actionId },
    ...(etag !== undefined && { header: { "if-match": etag } }),
  };
  return need(api.PATCH("/v1/gpts/{gpt_id}/actions/{action_id}", { params, body: change as never }));
}

async function readBound({ gptId, actionId }: ActionIds): Promise<Bound> {
  const { gpt, etag } = await readGpt(gptId);
  const action = gpt.actions.find((one) => one.id === actionId);
  return { schemaId: action?.schema_id ?? "", operations: action?.operations ?? [], etag };
}

export function setCredential(actionId: string, body: CredentialBody): Promise<Credential> {
  return need(api.PUT("/v1/credentials/{action_id}", { params: { path: { action_id: actionId } }, body }));
}
