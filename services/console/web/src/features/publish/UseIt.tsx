import { useState } from "react";
import { Choice } from "@/components/Choice";
import { CopyBlock } from "@/components/CopyBlock";
import type { Gpt } from "@/features/gpt/gpt";
import { useTexts } from "@/texts/use-texts";
import { linesFor, type Way, WAYS } from "./use-it-lines";

/** The lines with which a program calls what was published. */
export function UseIt({ gpt }: { gpt: Gpt }) {
  const { publish: texts } = useTexts();
  const [way, setWay] = useState<Way>("rest");
  const operation = gpt.actions[0]?.operations[0] ?? "OPERATION";
  return (
    <>
      <Choice label={texts.useIt} value={way} options={WAYS.map((one) => [one, texts.ways[one]])} onChange={setWay} />
      <CopyBlock text={linesFor(way, { origin: location.origin, gptId: gpt.id, operation })} />
    </>
  );
}
