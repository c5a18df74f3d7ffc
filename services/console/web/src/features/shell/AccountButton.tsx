import { lazy, Suspense, useState } from "react";
import type { Session } from "@/api/session";
import { Button } from "@/components/Button";
import { useTexts } from "@/texts/use-texts";
import { Face } from "./Face";

const AccountMenu = lazy(() => import("./AccountMenu").then((all) => ({ default: all.AccountMenu })));

/** The account's menu; what a menu needs is fetched when one opens it. */
export function AccountButton({ session }: { session: Session }) {
  const { session: texts } = useTexts();
  const [isWanted, setWanted] = useState(false);
  const button = (
    <Button kind="quiet" aria-label={texts.account(session.member.name)} aria-haspopup="menu" onPress={() => setWanted(true)}>
      <Face name={session.member.name} />
    </Button>
  );
  return isWanted ? <Suspense fallback={button}><AccountMenu session={session} /></Suspense> : button;
}
