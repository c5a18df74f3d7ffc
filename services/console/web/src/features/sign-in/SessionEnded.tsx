import { useEffect, useState } from "react";
import { returnSignedIn } from "@/api/session";
import { Button, buttonClass } from "@/components/Button";
import { Notice } from "@/components/Notice";
import { useTexts } from "@/texts/use-texts";
import styles from "./SessionEnded.module.css";
import { TokenForm } from "./TokenForm";
import { useSessionEnded } from "./use-session-ended";

/** Above the page, which stays as it is: one signs in here, or in another tab and comes back. */
export function SessionEnded() {
  const { session: texts, signIn } = useTexts();
  const ended = useSessionEnded();
  const [withToken, setWithToken] = useState(false);
  useEffect(() => {
    if (!ended) return undefined;
    setWithToken(false);
    const ending = new AbortController();
    const look = () => void returnSignedIn().catch(() => undefined);
    addEventListener("focus", look, { signal: ending.signal });
    return () => ending.abort();
  }, [ended]);
  if (!ended) return null;
  return (
    <div className={styles.bar}>
      <Notice kind="error" title={texts.ended} hint={texts.endedHint}>
        {withToken ? <TokenForm /> : (
          <>
            <a href="/v1/session/sign-in" target="_blank" rel="noreferrer" className={buttonClass("plain")}>
              {signIn.elsewhere}
            </a>
            <Button onPress={() => setWithToken(true)}>{signIn.withToken}</Button>
          </>
        )}
      </Notice>
    </div>
  );
}
