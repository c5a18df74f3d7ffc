import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useMemo, useSyncExternalStore } from "react";
import { ownKey } from "@/api/session";
import { sessionEnded } from "@/api/session-ended";
import { DraftStore, type DraftView } from "./draft-store";
import { fieldsOf, gptQuery, patchGpt, type Read, readGpt } from "./gpt";
import { rememberTyped, typedBefore } from "./typed";

/** The draft of one GPT as it is typed; the GPT's query follows what is saved. */
export function useDraft(read: Read): [DraftView, DraftStore] {
  const known = useQueryClient();
  const id = read.gpt.id;
  const store = useMemo(() => {
    const key = ownKey(`typed.${id}`);
    const follow = (now: Read) => {
      known.setQueryData(gptQuery(id).queryKey, now);
      void known.invalidateQueries({ queryKey: ["gpts"] });
      return { fields: fieldsOf(now.gpt), etag: now.etag };
    };
    return new DraftStore({ fields: fieldsOf(read.gpt), etag: read.etag }, typedBefore(key), {
      read: async () => follow(await readGpt(id)),
      patch: async (change, etag) => follow(await patchGpt(id, change, etag)),
      remember: (typed) => rememberTyped(key, typed),
    });
    // One store for as long as this GPT is open: it follows what it saves by itself.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [id]);
  useEffect(() => {
    const stop = sessionEnded.subscribe(() => { if (!sessionEnded.is()) store.retry(); });
    return () => {
      stop();
      store.close();
    };
  }, [store]);
  return [useSyncExternalStore(store.subscribe, store.view), store];
}
