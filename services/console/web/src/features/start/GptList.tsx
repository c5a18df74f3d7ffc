import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { lazy, Suspense, useCallback, useState } from "react";
import { sessionQuery } from "@/api/session";
import { Button } from "@/components/Button";
import { EmptyState } from "@/components/EmptyState";
import { Loading } from "@/components/Loading";
import { PageHead } from "@/components/PageHead";
import { ProblemNotice } from "@/components/ProblemNotice";
import { SearchField } from "@/components/SearchField";
import { useTexts } from "@/texts/use-texts";
import { FirstSteps } from "./FirstSteps";
import { GptCard } from "./GptCard";
import styles from "./GptList.module.css";
import { gptFilters, STATES } from "./gpt-filters";
import { gptsQuery, type GptSummary, PAGE_SIZE } from "./gpts";

const NewGpt = lazy(() => import("./NewGpt").then((all) => ({ default: all.NewGpt })));
const ManyGpts = lazy(() => import("./ManyGpts").then((all) => ({ default: all.ManyGpts })));
const route = getRouteApi("/");
const NONE = {};
const BUILD: ReadonlySet<string> = new Set(["owner", "admin", "builder"]);

export function GptList() {
  const { gpts: texts, common } = useTexts();
  const { q = "", state } = route.useSearch();
  const navigate = route.useNavigate();
  const [making, setMaking] = useState(false);
  const gpts = useInfiniteQuery(gptsQuery(q, state));
  const { fetchNextPage, hasNextPage, isFetchingNextPage } = gpts;
  const more = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage]);
  const search = (text: string) => void navigate({ search: gptFilters({ q: text, state }), replace: true });
  const { data: session } = useQuery(sessionQuery);
  const items = gpts.data?.pages.flatMap((page) => page.items) ?? [];
  const card = (gpt: GptSummary) => <GptCard gpt={gpt} gpts={items} />;
  const mayMake = session != null && BUILD.has(session.member.role);
  const make = mayMake && <Button kind="primary" onPress={() => setMaking(true)}>{texts.make}</Button>;
  return (
    <>
      <PageHead title={texts.title}>{make}</PageHead>
      {session != null && q === "" && state === undefined && gpts.isSuccess && (
        <FirstSteps
          session={session} hasGpt={items.length > 0} onMake={() => setMaking(true)}
          isPublished={items.some((gpt) => gpt.published_version !== null)}
        />
      )}
      <SearchField label={texts.searchLabel} value={q} onChange={search} />
      <nav aria-label={texts.title} className={styles.states}>
        {[undefined, ...STATES].map((one) => (
          <Link
            key={one ?? "all"} to="/" search={gptFilters({ q, state: one })} replace className={styles.state}
            aria-current={one === state ? "true" : undefined} activeProps={NONE}
          >
            {texts.states[one ?? "all"]}
          </Link>
        ))}
      </nav>
      {gpts.isPending && <Loading rows={4} />}
      {gpts.isError && <ProblemNotice error={gpts.error} onRetry={() => void gpts.refetch()} />}
      {gpts.isSuccess && items.length === 0 && q === "" && state === undefined && (
        <EmptyState title={texts.none} hint={texts.noneHint}>{make}</EmptyState>
      )}
      {gpts.isSuccess && items.length === 0 && (q !== "" || state !== undefined) && (
        <EmptyState title={q === "" ? texts.noneInState : texts.noneFound(q)}>
          <Button onPress={() => void navigate({ search: {}, replace: true })}>{texts.clearSearch}</Button>
        </EmptyState>
      )}
      {items.length > PAGE_SIZE
        ? <Suspense fallback={<Loading rows={8} />}><ManyGpts gpts={items} onEnd={more}>{card}</ManyGpts></Suspense>
        : <ul role="list" className={styles.list}>{items.map((gpt) => <li key={gpt.id}>{card(gpt)}</li>)}</ul>}
      {hasNextPage && <Button isPending={isFetchingNextPage} onPress={more}>{common.loadMore}</Button>}
      {making && <Suspense><NewGpt isOpen onClose={() => setMaking(false)} /></Suspense>}
    </>
  );
}
