import { useQuery } from "@tanstack/react-query";
import { Outlet, useLocation, useRouter } from "@tanstack/react-router";
import { RouterProvider as AriaRouter } from "react-aria-components";
import { sessionQuery } from "@/api/session";
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
  const session = useQuery(sessionQuery);
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
          {session.data != null && <SessionEnded session={session.data} />}
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
