import { useSyncExternalStore } from "react";
import { sessionEnded } from "@/api/session-ended";

export function useSessionEnded(): boolean {
  return useSyncExternalStore(sessionEnded.subscribe, sessionEnded.is);
}
