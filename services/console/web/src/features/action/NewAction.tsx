import { useMutation, useQueryClient } from "@tanstack/react-query";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { api, need } from "@/api/client";
import { Button } from "@/components/Button";
import { PageHead } from "@/components/PageHead";
import { ProblemNotice } from "@/components/ProblemNotice";
import { gptQuery } from "@/features/gpt/gpt";
import { useTexts } from "@/texts/use-texts";
import { storeSchema } from "./action";
import { Operations } from "./Operations";
import { SchemaSection } from "./SchemaSection";
import { useExamined } from "./schema/use-examined";

const route = getRouteApi("/gpts/$gptId/new-action");
const NO_VALUES = {};

export function NewAction() {
  const { schema: texts } = useTexts();
  const { gptId } = route.useParams();
  const navigate = useNavigate();
  const known = useQueryClient();
  const [text, setText] = useState("");
  const examination = useExamined(text, NO_VALUES);
  const create = useMutation({
    mutationFn: async () => {
      const body = { schema_id: await storeSchema(text) } as never;
      return need(api.POST("/v1/gpts/{gpt_id}/actions", { params: { path: { gpt_id: gptId } }, body }));
    },
    onSuccess: async (action) => {
      await known.invalidateQueries({ queryKey: gptQuery(gptId).queryKey });
      await navigate({ to: "/gpts/$gptId/actions/$actionId", params: { gptId, actionId: action.id } });
    },
  });
  return (
    <>
      <PageHead title={texts.newAction}>
        <Button
          kind="primary" isDisabled={examination.examined === null} isPending={create.isPending}
          onPress={() => create.mutate()}
        >
          {texts.create}
        </Button>
      </PageHead>
      {create.isError && <ProblemNotice error={create.error} />}
      <SchemaSection text={text} examination={examination} onChange={setText} />
      {examination.examined !== null && <Operations operations={examination.examined.operations} />}
    </>
  );
}
