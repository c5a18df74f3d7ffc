import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { type Finding, repair, type Values } from "./examined";

const NOTHING: Values = {};

interface Asked {
  finding: Finding | null;
  values: Values;
}

/** Repairs of the text in the editor: at once, or after a question where one needs a value. */
export function useRepairs(text: () => string, onText: (text: string) => void) {
  const [asking, setAsking] = useState<Finding | null>(null);
  const run = useMutation({
    mutationFn: async ({ finding, values }: Asked) => {
      const before = text();
      return { before, repaired: await repair(before, finding, values) };
    },
    onSuccess: ({ before, repaired }) => {
      setAsking(null);
      if (text() === before) onText(repaired.text); // else somebody typed on: their text goes first
    },
  });
  return {
    asking,
    run,
    fix: (finding: Finding) => {
      run.reset();
      if ((finding.repair?.needs ?? []).length > 0) setAsking(finding);
      else run.mutate({ finding, values: NOTHING });
    },
    fixAll: () => run.mutate({ finding: null, values: NOTHING }),
    answer: (values: Values) => run.mutate({ finding: asking, values }),
    cancel: () => setAsking(null),
  };
}
