import { useCallback, useEffect, useMemo, useState } from "react";
import { ownKey } from "@/api/session";
import { keepSchema, keptSchema } from "./typed-schema";

const PAUSE_MS = 500;
/** Writing a long text into the browser's storage holds the page up: not between two words. */
const LONG = 200_000;
const LONG_PAUSE_MS = 2_000;

export interface TypedSchema {
  /** As it was at the last pause in typing; the editor itself holds what was typed since. */
  text: string;
  /** Something was typed after `text`. */
  isTyping: boolean;
  setText: (text: string) => void;
  /** To be called with each key: it renders anew at the first one after a pause alone. */
  typing: () => void;
  /** What was typed here before and not saved: as it was, or over a version that is another by now. */
  found: "none" | "typed" | "overtaken";
  /** Back to what is saved. */
  discard: () => void;
  /** It is saved, as schema `of`: what was typed while it was being saved is kept, nothing else. */
  forget: (of?: string, saved?: string, now?: string) => void;
}

/** The text of a schema as it is typed, kept in this browser until it is saved. */
export function useTypedSchema(name: string, of: string, stored: string): TypedSchema {
  const key = useMemo(() => ownKey(`schema.${name}`), [name]);
  const [kept] = useState(() => keptSchema(key));
  const isKept = kept !== null && kept.text !== stored;
  const [text, setSnapshot] = useState(isKept ? kept.text : stored);
  const [isTyping, setTyping] = useState(false);
  const [found, setFound] = useState(isKept ? (kept.of === of ? "typed" : "overtaken") : "none");
  useEffect(() => {
    const keep = () => keepSchema(key, text === stored ? null : { of, text });
    const timer = setTimeout(keep, text.length > LONG ? LONG_PAUSE_MS : PAUSE_MS);
    return () => clearTimeout(timer);
  }, [key, of, stored, text]);
  const typing = useCallback(() => setTyping(true), []);
  const setText = useCallback((another: string) => {
    setSnapshot(another);
    setTyping(false);
  }, []);
  return {
    text, isTyping, setText, typing, found: found as TypedSchema["found"],
    discard: () => {
      setText(stored);
      setFound("none");
    },
    forget: (next = of, saved = "", now = saved) => keepSchema(key, now === saved ? null : { of: next, text: now }),
  };
}
