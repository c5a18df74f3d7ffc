import type { Connection } from "@/api/connections";
import type { en } from "@/texts/authentication-en";

/** For the member whose connection ended; of an ending that is new to these pages, the API's own sentence. */
export function whatToDo(ended: Pick<Connection, "kind" | "why" | "what_to_do">, texts: typeof en.connections): string {
  switch (ended.why) {
    case "member_left": case "action_removed": return texts.goneForGood;
    case "origins_changed": return `${texts.again[ended.kind]} ${texts.againIfTrusted}`;
    case "gave_up": return texts.againAfterFailure;
    default: return ended.why in texts.endings ? texts.again[ended.kind] : ended.what_to_do;
  }
}
