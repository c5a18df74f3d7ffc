import { useEffect, useState } from "react";
import { keepSchema, keptSchema } from "./typed-schema";

const PAUSE_MS = 500;

export interface TypedSchema {
  text: string;
  setText: (text: string) => void;
  /** What was typed here before and not saved: as it was, or over a version that is another by now. */
  found: "none" | "typed" | "overtaken";
  /** Back to what is saved. */
  discard: () => void;
  /** It is saved: there is nothing to keep. */
  forget: () => void;
}

/** The text of a schema as it is typed, kept in this browser until it is saved. */
export function useTypedSchema(key: string, of: string, stored: string): TypedSchema {
  const [kept] = useState(() => keptSchema(key));
  const isKept = kept !== null && kept.text !== stored;
  const [text, setText] = useState(isKept ? kept.text : stored);
  const [found, setFound] = useState(isKept ? (kept.of === of ? "typed" : "overtaken") : "none");
  useEffect(() => {
    const timer = setTimeout(() => keepSchema(key, text === stored ? null : { of, text }), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [key, of, stored, text]);
  return {
    text, setText, found: found as TypedSchema["found"],
    discard: () => {
      setText(stored);
      setFound("none");
    },
    forget: () => keepSchema(key, null),
  };
}
