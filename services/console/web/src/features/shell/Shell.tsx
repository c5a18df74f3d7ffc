import { useQuery } from "@tanstack/react-query";
import { Outlet, useLocation, useRouter } from "@tanstack/react-router";
import { useEffect } from "react";
import { RouterProvider as AriaRouter } from "react-aria-components";
import { sessionQuery } from "@/api/session";
import { sessionEnded } from "@/api/session-ended";
import { Loading } from "@/components/Loading";
import { ProblemNotice } from "@/components/ProblemNotice";
import { Landing } from "@/features/landing/Landing";
import { SessionEnded } from "@/features/sign-in/SessionEnded";
import { useTexts } from "@/texts/use-texts";
import { AccountButton } from "./AccountButton";
import { Navigation } from "./Navigation";
import { OfflineNotice } from "./OfflineNotice";
import styles from "./Shell.module.css";

/** What stands around every page; whoever is not signed in sees the landing page. */
export function Shell() {
  const texts = useTexts();
  const router = useRouter();
  const session = useSession();
  /** Whoever operates the installation need not be a member of any workspace. */
  const isOperators = useLocation().pathname === "/operator";
  return (
    <AriaRouter navigate={(to) => void router.navigate({ to })}>
      <div className={styles.shell}>
        <a href="#content" className="only-for-screen-readers">{texts.common.skip}</a>
        <header className={styles.header}>
          <Navigation session={session.data ?? null} />
          {session.data != null && <AccountButton session={session.data} />}
        </header>
        <div>
          <OfflineNotice />
          {session.data != null && <SessionEnded />}
        </div>
        <main id="content" tabIndex={-1} className={styles.main}>
          {session.isPending && !isOperators && <Loading />}
          {session.isError && (
            <ProblemNotice error={session.error} onRetry={() => void session.refetch()} />
          )}
          {session.data === null && !isOperators && <Landing />}
          {(session.data != null || isOperators) && <Outlet />}
        </main>
      </div>
    </AriaRouter>
  );
}

/** Whoever comes back to the page may have signed in as somebody else in another tab. */
function useSession() {
  const session = useQuery(sessionQuery);
  const { refetch } = session;
  useEffect(() => {
    const ending = new AbortController();
    const look = () => { if (!sessionEnded.is()) void refetch({ cancelRefetch: false }); };
    addEventListener("focus", look, { signal: ending.signal });
    return () => ending.abort();
  }, [refetch]);
  return session;
}
