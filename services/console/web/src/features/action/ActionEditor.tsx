import { useMutation } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { api, need } from "@/api/client";
import { Button } from "@/components/Button";
import { PageHead } from "@/components/PageHead";
import { ProblemNotice } from "@/components/ProblemNotice";
import { ConfirmByName } from "@/components/ConfirmByName";
import { useTexts } from "@/texts/use-texts";
import { AuthSection } from "./AuthSection";
import { type Action, type ActionIds, storeSchema, useEditAction } from "./action";
import { Operations } from "./Operations";
import { PrivacyPolicy } from "./PrivacyPolicy";
import { SchemaSection } from "./SchemaSection";
import { useExamined } from "./schema/use-examined";

interface Props {
  ids: ActionIds;
  action: Action;
  /** The text of the schema that the action is bound to. */
  stored: string;
}

export function ActionEditor({ ids, action, stored }: Props) {
  const { schema: texts } = useTexts();
  const navigate = useNavigate();
  const [text, setText] = useState(stored);
  const [removing, setRemoving] = useState(false);
  const values = { base_url: action.base_url ?? null, server_variables: action.server_variables ?? {} };
  const examination = useExamined(text, values);
  const edit = useEditAction(ids);
  const save = useMutation({
    mutationFn: async () => edit.mutateAsync({ schema_id: await storeSchema(text, action.schema_id) }),
  });
  const remove = useMutation({
    mutationFn: () =>
      need(api.DELETE("/v1/gpts/{gpt_id}/actions/{action_id}", {
        params: { path: { gpt_id: ids.gptId, action_id: ids.actionId } },
      })),
    onSuccess: () => navigate({ to: "/gpts/$gptId", params: { gptId: ids.gptId } }),
  });
  return (
    <>
      <PageHead title={action.name}>
        <Button kind="quiet" onPress={() => setRemoving(true)}>{texts.remove}</Button>
        <Button
          kind="primary" isDisabled={text === stored} isPending={save.isPending}
          onPress={() => save.mutate()}
        >
          {texts.save}
        </Button>
      </PageHead>
      {save.isError && <ProblemNotice error={save.error} />}
      <AuthSection actionId={ids.actionId} />
      <SchemaSection text={text} examination={examination} onChange={setText} />
      {examination.examined !== null && <Operations operations={examination.examined.operations} />}
      <PrivacyPolicy url={action.privacy_policy_url} edit={edit} />
      <ConfirmByName
        title={texts.removeTitle} hint={texts.removeHint} name={action.name} isOpen={removing}
        error={remove.error} isPending={remove.isPending}
        onClose={() => setRemoving(false)} onConfirm={() => remove.mutate()}
      />
    </>
  );
}
