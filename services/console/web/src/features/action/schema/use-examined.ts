import { useEffect, useState } from "react";
import { type Examined, examine, type Values } from "./examined";

const PAUSE_MS = 250;

export interface Examination {
  /** Of the text that `isCurrent` speaks of; the last one stays until the next is there. */
  examined: Examined | null;
  isCurrent: boolean;
  error: unknown;
}

/** The findings and operations of a text, asked for after a pause in typing. */
export function useExamined(text: string, values: Values): Examination {
  const [last, setLast] = useState<{ of: string; examined: Examined } | null>(null);
  const [error, setError] = useState<unknown>(null);
  const asked = JSON.stringify(values);
  useEffect(() => {
    if (text.trim() === "") return undefined;
    const ending = new AbortController();
    const timer = setTimeout(() => {
      examine(text, JSON.parse(asked) as Values, ending.signal).then(
        (examined) => {
          setLast({ of: text, examined });
          setError(null);
        },
        (failure: unknown) => {
          if (!ending.signal.aborted) setError(failure);
        },
      );
    }, PAUSE_MS);
    return () => {
      clearTimeout(timer);
      ending.abort();
    };
  }, [text, asked]);
  if (text.trim() === "") return { examined: null, isCurrent: true, error: null };
  return { examined: last?.examined ?? null, isCurrent: last?.of === text, error };
}
