import { useMutation, useQueryClient } from "@tanstack/react-query";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { useRef, useState } from "react";
import { api, need } from "@/api/client";
import { ownKey } from "@/api/session";
import { Button } from "@/components/Button";
import { LinkButton } from "@/components/LinkButton";
import { PageHead } from "@/components/PageHead";
import { ProblemNotice } from "@/components/ProblemNotice";
import { gptQuery } from "@/features/gpt/gpt";
import { usePageTexts } from "@/texts/page-texts";
import { storeSchema } from "./action";
import { DomainsNotice } from "./DomainsNotice";
import { KeptNotice } from "./KeptNotice";
import { Operations } from "./Operations";
import { SchemaSection } from "./SchemaSection";
import type { SchemaTextHandle } from "./schema/SchemaText";
import { useExamined } from "./schema/use-examined";
import { keepSchema } from "./typed-schema";
import { useTypedSchema } from "./use-typed-schema";

const route = getRouteApi("/gpts/$gptId/new-action");
const NO_VALUES = {};

export function NewAction() {
  const { schema: texts } = usePageTexts();
  const { gptId } = route.useParams();
  const navigate = useNavigate();
  const known = useQueryClient();
  const typed = useTypedSchema(`new:${gptId}`, "", "");
  const { text } = typed;
  const editor = useRef<SchemaTextHandle>(null);
  const [sourceUrl, setSourceUrl] = useState<string | null>(null);
  const examination = useExamined(text, NO_VALUES);
  const create = useMutation({
    mutationFn: async () => {
      const now = editor.current?.text() ?? text;
      const body = { schema_id: await storeSchema({ text: now, sourceUrl }) } as never;
      const action = await need(api.POST("/v1/gpts/{gpt_id}/actions", { params: { path: { gpt_id: gptId } }, body }));
      return { action, saved: now };
    },
    onSuccess: async ({ action, saved }) => {
      const now = editor.current?.text() ?? saved;
      typed.forget();
      if (now !== saved) keepSchema(ownKey(`schema.${action.id}`), { of: action.schema_id, text: now });
      await known.invalidateQueries({ queryKey: gptQuery(gptId).queryKey });
      await navigate({ to: "/gpts/$gptId/actions/$actionId", params: { gptId, actionId: action.id } });
    },
  });
  const operations = examination.examined?.operations ?? [];
  return (
    <>
      <PageHead title={texts.newAction}>
        <LinkButton kind="quiet" href={`/gpts/${gptId}`}>{texts.back}</LinkButton>
        <Button
          kind="primary" isDisabled={text === "" || !(examination.examined?.readable ?? false)} isPending={create.isPending}
          onPress={() => create.mutate()}
        >
          {texts.create}
        </Button>
      </PageHead>
      {create.isError && <ProblemNotice error={create.error} />}
      <p>{texts.afterCreating}</p>
      <KeptNotice typed={typed} />
      <DomainsNotice operations={operations} />
      <SchemaSection typed={typed} editor={editor} examination={examination} onSource={setSourceUrl} />
      {examination.examined !== null && <Operations operations={operations} />}
    </>
  );
}
