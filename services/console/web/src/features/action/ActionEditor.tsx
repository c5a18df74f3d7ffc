import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useRef, useState } from "react";
import { api, need } from "@/api/client";
import { Button } from "@/components/Button";
import { ConfirmByName } from "@/components/ConfirmByName";
import { LinkButton } from "@/components/LinkButton";
import { PageHead } from "@/components/PageHead";
import { ProblemNotice } from "@/components/ProblemNotice";
import { OperationTest } from "@/features/test/OperationTest";
import { tokensQuery } from "@/features/test/tools";
import { usePageTexts } from "@/texts/page-texts";
import { AuthSection } from "./auth/AuthSection";
import {
  type Action, type ActionIds, documentQuery, schemaQuery, storeSchema, useBindSchema, useEditAction,
} from "./action";
import { DomainsNotice } from "./DomainsNotice";
import { KeptNotice } from "./KeptNotice";
import { Operations } from "./Operations";
import { PrivacyPolicy } from "./PrivacyPolicy";
import { Refetch } from "./Refetch";
import { SchemaSection } from "./SchemaSection";
import type { Operation } from "./schema/examined";
import type { SchemaTextHandle } from "./schema/SchemaText";
import { useExamined } from "./schema/use-examined";
import { useTypedSchema } from "./use-typed-schema";
import { Versions } from "./Versions";

const NO_OPERATIONS: readonly Operation[] = [];

interface Props {
  ids: ActionIds;
  action: Action;
  /** The text of the schema that the action is bound to. */
  stored: string;
}

export function ActionEditor({ ids, action, stored }: Props) {
  const { schema: texts } = usePageTexts();
  const navigate = useNavigate();
  const { schema_id: schemaId } = action;
  const typed = useTypedSchema(ids.actionId, schemaId, stored);
  const { text, setText } = typed;
  const editor = useRef<SchemaTextHandle>(null);
  const [open, setOpen] = useState<"versions" | "refetch" | "remove" | null>(null);
  const [tested, setTested] = useState<Operation | null>(null);
  const [fetchedFrom, setFetchedFrom] = useState<string | null>(null);
  const schema = useQuery(schemaQuery(schemaId));
  const tokens = useQuery(tokensQuery(schemaId));
  const values = { base_url: action.base_url ?? null, server_variables: action.server_variables ?? {} };
  const examination = useExamined(text, values);
  const edit = useEditAction(ids);
  const bind = useBindSchema(ids, schemaId);
  const known = useQueryClient();
  const sourceUrl = fetchedFrom ?? schema.data?.source_url ?? null;
  const save = useMutation({
    mutationFn: async () => {
      const now = editor.current?.text() ?? text;
      const id = await storeSchema({ text: now, previousId: schemaId, sourceUrl });
      known.setQueryData(documentQuery(id).queryKey, now); // the page shows it without reading it again
      await bind.mutateAsync(id);
      return { id, saved: now };
    },
    onSuccess: ({ id, saved }) => typed.forget(id, saved, editor.current?.text() ?? saved),
  });
  const accept = useMutation({
    mutationFn: (id: string) => bind.mutateAsync(id),
    onSuccess: () => typed.forget(),
  });
  const remove = useMutation({
    mutationFn: () =>
      need(api.DELETE("/v1/gpts/{gpt_id}/actions/{action_id}", {
        params: { path: { gpt_id: ids.gptId, action_id: ids.actionId } },
      })),
    onSuccess: () => {
      typed.forget();
      return navigate({ to: "/gpts/$gptId", params: { gptId: ids.gptId } });
    },
  });
  const isUnsaved = typed.isTyping || text !== stored;
  const close = () => setOpen(null);
  return (
    <>
      <PageHead title={action.name}>
        <LinkButton kind="quiet" href={`/gpts/${ids.gptId}`}>{texts.back}</LinkButton>
        <Button kind="quiet" onPress={() => setOpen("remove")}>{texts.remove}</Button>
        <Button kind="primary" isDisabled={!isUnsaved} isPending={save.isPending} onPress={() => save.mutate()}>
          {texts.save}
        </Button>
      </PageHead>
      {save.isError && <ProblemNotice error={save.error} />}
      <KeptNotice typed={typed} />
      <DomainsNotice operations={examination.examined?.operations ?? NO_OPERATIONS} />
      <AuthSection actionId={ids.actionId} text={text} />
      <SchemaSection
        typed={typed} editor={editor} examination={examination} onSource={setFetchedFrom} previousId={schemaId}
      >
        <Button kind="quiet" onPress={() => setOpen("versions")}>{texts.versions}</Button>
        {schema.data?.source_url != null && (
          <Button kind="quiet" onPress={() => setOpen("refetch")}>{texts.refetch}</Button>
        )}
      </SchemaSection>
      {examination.examined !== null && (
        <Operations operations={examination.examined.operations} tokens={tokens.data} onTest={setTested} />
      )}
      <PrivacyPolicy url={action.privacy_policy_url} edit={edit} />
      {tested !== null && (
        <OperationTest
          {...ids} schemaId={schemaId} name={tested.name} title={texts.testOf(tested.name)}
          isConsequential={tested.consequential} hosts={tested.origin == null ? [] : [new URL(tested.origin).hostname]}
          isUnsaved={isUnsaved} onClose={() => setTested(null)}
        />
      )}
      {open === "versions" && (
        <Versions
          schemaId={schemaId} onClose={close}
          onText={(older) => {
            setText(older);
            close();
          }}
        />
      )}
      {open === "refetch" && (
        <Refetch
          schemaId={schemaId} url={schema.data?.source_url ?? ""} isAccepting={accept.isPending} error={accept.error}
          onClose={close} onAccept={(id) => accept.mutate(id)}
        />
      )}
      <ConfirmByName
        title={texts.removeTitle} hint={texts.removeHint} name={action.name} isOpen={open === "remove"}
        error={remove.error} isPending={remove.isPending} onClose={close} onConfirm={() => remove.mutate()}
      />
    </>
  );
}
