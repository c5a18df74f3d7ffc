import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { EmptyState } from "@/components/EmptyState";
import { Loading } from "@/components/Loading";
import { Notice } from "@/components/Notice";
import { ProblemNotice } from "@/components/ProblemNotice";
import { Section } from "@/components/Section";
import { Select } from "@/components/Select";
import { usePageTexts } from "@/texts/page-texts";
import { ArgumentsForm } from "./ArgumentsForm";
import { Outcome } from "./Outcome";
import { invoke, toolsQuery } from "./tools";

/** Call an operation of the draft, as a model would, and see what came of it. */
export function TestPane({ gptId, hosts }: { gptId: string; hosts: readonly string[] }) {
  const { test: texts } = usePageTexts();
  const tools = useQuery(toolsQuery(gptId));
  const [chosen, setChosen] = useState<string | null>(null);
  const call = useMutation({
    mutationFn: (asked: { operation: string; args: Record<string, unknown> }) => invoke({ gptId, ...asked }),
  });
  if (tools.isPending) return <Loading rows={1} />;
  if (tools.isError) return <ProblemNotice error={tools.error} onRetry={() => void tools.refetch()} />;
  const { tools: callable, leftOut } = tools.data;
  const tool = callable.find((one) => one.name === chosen) ?? callable[0];
  return (
    <Section title={texts.title}>
      {leftOut.length > 0 && (
        <Notice
          kind="warning" title={leftOut[0]!.detail} hint={`${leftOut[0]!.hint} ${texts.leftOut(leftOut.length)}`}
        />
      )}
      {tool === undefined && leftOut.length === 0 && <EmptyState title={texts.none} hint={texts.noneHint} />}
      {tool !== undefined && (
        <>
          <Select
            label={texts.operation} value={tool.name} options={callable.map((one) => [one.name, one.name])}
            onChange={(name) => {
              setChosen(name);
              call.reset();
            }}
          />
          <p>{tool.description}</p>
          <ArgumentsForm
            key={tool.name} schema={tool.inputSchema} isConsequential={tool.annotations?.readOnlyHint !== true} isPending={call.isPending}
            onCall={(args) => call.mutate({ operation: tool.name, args })}
          />
          <Outcome call={call} hosts={hosts} />
        </>
      )}
    </Section>
  );
}
