import type { InfiniteData, UseInfiniteQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import type { PageOf } from "@/api/pages";
import { useTexts } from "@/texts/use-texts";
import { Button } from "./Button";
import { Loading } from "./Loading";
import styles from "./PagedList.module.css";
import { ProblemNotice } from "./ProblemNotice";

interface Props<Item> {
  pages: UseInfiniteQueryResult<InfiniteData<PageOf<Item>>>;
  keyOf: (item: Item) => string;
  /** What stands there where the list is empty: why, and what to do. */
  empty: ReactNode;
  children: (item: Item) => ReactNode;
}

/** A list as it comes, page by page, with its loading, failed and empty states. */
export function PagedList<Item>({ pages, keyOf, empty, children }: Props<Item>) {
  const { common } = useTexts();
  if (pages.isPending) return <Loading rows={4} />;
  const items = pages.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <>
      {pages.isError && <ProblemNotice error={pages.error} onRetry={() => void pages.refetch()} />}
      {pages.isSuccess && items.length === 0 && empty}
      {items.length > 0 && (
        <ul role="list" className={styles.list}>
          {items.map((item) => <li key={keyOf(item)}>{children(item)}</li>)}
        </ul>
      )}
      {pages.hasNextPage && (
        <Button isPending={pages.isFetchingNextPage} onPress={() => void pages.fetchNextPage()}>
          {common.loadMore}
        </Button>
      )}
    </>
  );
}
