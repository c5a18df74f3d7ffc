import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { Choice } from "@/components/Choice";
import { CopyBlock } from "@/components/CopyBlock";
import { Loading } from "@/components/Loading";
import type { Gpt } from "@/features/gpt/gpt";
import { toolsQuery } from "@/features/test/tools";
import { usePageTexts } from "@/texts/page-texts";
import { exampleArguments } from "./example-arguments";
import { linesFor, type Way, WAYS } from "./use-it-lines";

/** The address to share, and the lines with which a program calls the first operation of what was published. */
export function UseIt({ gpt }: { gpt: Gpt }) {
  const { publish: texts } = usePageTexts();
  const [way, setWay] = useState<Way>("rest");
  const tools = useQuery(toolsQuery(gpt.id, "published"));
  const tool = tools.data?.tools[0];
  const operation = tool?.name ?? gpt.actions[0]?.operations[0] ?? "OPERATION";
  const args = exampleArguments(tool?.inputSchema ?? {});
  if (tools.isPending) return <Loading rows={2} />;
  return (
    <>
      <h3>{texts.shareLink}</h3>
      <CopyBlock text={`${location.origin}/gpts/${gpt.id}`} />
      <Choice label={texts.useIt} value={way} options={WAYS.map((one) => [one, texts.ways[one]])} onChange={setWay} />
      <CopyBlock text={linesFor(way, { origin: location.origin, gptId: gpt.id, operation, args })} />
      <p>{texts.tokenFrom} <Link to="/admin/tokens">{texts.toTokens}</Link></p>
    </>
  );
}
