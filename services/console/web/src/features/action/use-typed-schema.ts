import { useCallback, useEffect, useMemo, useState } from "react";
import { ownKey } from "@/api/session";
import { SchemaKeeper } from "./schema-keeper";
import { type Kept, keepSchema, keptSchema } from "./typed-schema";

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
  const [before] = useState(() => keptOver(key, stored));
  const [text, setSnapshot] = useState(before?.text ?? stored);
  const [isTyping, setTyping] = useState(false);
  const [found, setFound] = useState(foundIn(before, of));
  const keeper = useMemo(() => new SchemaKeeper(of, stored, (kept) => keepSchema(key, kept)), [key, of, stored]);
  useEffect(() => {
    // The page before this one keeps its last text when it ends, which is after this one was rendered.
    const last = keptOver(key, stored);
    if (last !== null) {
      setSnapshot(last.text);
      setFound(foundIn(last, of));
    } else keepSchema(key, null);
    const settle = () => keeper.settle();
    keeper.open();
    window.addEventListener("pagehide", settle);
    return () => {
      window.removeEventListener("pagehide", settle);
      keeper.close();
    };
  }, [key, of, stored, keeper]);
  const typing = useCallback(() => setTyping(true), []);
  const setText = useCallback((another: string) => {
    setSnapshot(another);
    setTyping(false);
    keeper.typed(another);
  }, [keeper]);
  return {
    text, isTyping, setText, typing, found,
    discard: () => {
      setText(stored);
      setFound("none");
    },
    forget: (next = of, saved = "", now = saved) => keeper.saved(next, saved, now),
  };
}

/** Null where it is what is stored anyway. */
function keptOver(key: string, stored: string): Kept | null {
  const kept = keptSchema(key);
  return kept?.text === stored ? null : kept;
}

function foundIn(kept: Kept | null, of: string): TypedSchema["found"] {
  if (kept === null) return "none";
  return kept.of === of ? "typed" : "overtaken";
}
