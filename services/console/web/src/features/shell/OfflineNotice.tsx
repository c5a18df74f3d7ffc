import { useSyncExternalStore } from "react";
import { Notice } from "@/components/Notice";
import { useTexts } from "@/texts/use-texts";

export function OfflineNotice() {
  const texts = useTexts();
  const online = useSyncExternalStore(follow, () => navigator.onLine);
  return online ? null : <Notice kind="warning" title={texts.common.offline} />;
}

function follow(changed: () => void): () => void {
  const ending = new AbortController();
  addEventListener("online", changed, { signal: ending.signal });
  addEventListener("offline", changed, { signal: ending.signal });
  return () => ending.abort();
}
