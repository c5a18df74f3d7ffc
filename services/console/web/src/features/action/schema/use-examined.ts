import { startTransition, useEffect, useState } from "react";
import { type Examined, examine, type Values } from "./examined";

export interface Examination {
  /** Of the text that `isCurrent` speaks of; the last one stays until the next is there. */
  examined: Examined | null;
  isCurrent: boolean;
  error: unknown;
  again: () => void;
}

/** The findings and operations of a text that changes at pauses in typing alone. */
export function useExamined(text: string, values: Values): Examination {
  const [last, setLast] = useState<{ of: string; examined: Examined } | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [round, setRound] = useState(0);
  const asked = JSON.stringify(values);
  const isEmpty = isBlank(text);
  useEffect(() => {
    if (isEmpty) return undefined;
    const ending = new AbortController();
    examine(text, JSON.parse(asked) as Values, ending.signal).then(
      (examined) => startTransition(() => { // a key goes before the rows of a long table
        setLast({ of: text, examined });
        setError(null);
      }),
      (failure: unknown) => {
        if (!ending.signal.aborted) setError(failure);
      },
    );
    return () => ending.abort();
  }, [text, isEmpty, asked, round]);
  const again = () => setRound(round + 1);
  if (isEmpty) return { examined: null, isCurrent: true, error: null, again };
  return { examined: last?.examined ?? null, isCurrent: last?.of === text, error, again };
}

function isBlank(text: string): boolean {
  return text.length < 10_000 && text.trim() === "";
}
