import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { useRef, useState } from "react";
import { api, need } from "@/api/client";
import { Button } from "@/components/Button";
import { Loading } from "@/components/Loading";
import { PageHead } from "@/components/PageHead";
import { ProblemNotice } from "@/components/ProblemNotice";
import { gptQuery } from "@/features/gpt/gpt";
import { useTexts } from "@/texts/use-texts";
import styles from "./NewAction.module.css";
import { Operations } from "./Operations";
import { Findings } from "./schema/Findings";
import { SchemaText, type SchemaTextHandle } from "./schema/SchemaText";
import { useExamined } from "./schema/use-examined";

const route = getRouteApi("/gpts/$gptId/new-action");
const NO_VALUES = {};

export function NewAction() {
  const { schema: texts } = useTexts();
  const { gptId } = route.useParams();
  const navigate = useNavigate();
  const known = useQueryClient();
  const editor = useRef<SchemaTextHandle>(null);
  const [text, setText] = useState("");
  const { examined, error } = useExamined(text, NO_VALUES);
  const examples = useQuery({ queryKey: ["examples"], queryFn: () => need(api.GET("/v1/schemas/examples")) });
  const create = useMutation({
    mutationFn: async () => {
      const schema = await need(api.POST("/v1/schemas", { body: { text } as never }));
      const body = { schema_id: schema.id } as never;
      return need(api.POST("/v1/gpts/{gpt_id}/actions", { params: { path: { gpt_id: gptId } }, body }));
    },
    onSuccess: async () => {
      await known.invalidateQueries({ queryKey: gptQuery(gptId).queryKey });
      await navigate({ to: "/gpts/$gptId", params: { gptId } });
    },
  });
  return (
    <>
      <PageHead title={texts.newAction}>
        <Button kind="primary" isDisabled={examined === null} isPending={create.isPending} onPress={() => create.mutate()}>
          {texts.create}
        </Button>
      </PageHead>
      {create.isError && <ProblemNotice error={create.error} />}
      <section className={styles.schema} aria-labelledby="schema">
        <header>
          <h2 id="schema">{texts.title}</h2>
          <div className={styles.ways}>
            {examples.data?.map((example) => (
              <Button key={example.key} kind="quiet" onPress={() => setText(example.text)}>{example.title}</Button>
            ))}
          </div>
        </header>
        <SchemaText
          ref={editor} text={text} label={texts.title} hint={texts.placeholder}
          findings={examined?.findings ?? []} onChange={setText}
        />
        {error !== null && <ProblemNotice error={error} />}
        {examined !== null && (
          <Findings
            examined={examined}
            onGoTo={(finding) => editor.current?.goTo(finding.line ?? 1, finding.column ?? 1)}
          />
        )}
      </section>
      {examined !== null && <Operations operations={examined.operations} />}
      {examples.isPending && <Loading rows={1} />}
    </>
  );
}
