import { infiniteQueryOptions, keepPreviousData } from "@tanstack/react-query";

export interface PageOf<Item> {
  items: Item[];
  next_cursor?: string | null;
}

interface Asked {
  limit: number;
  cursor?: string;
}

const LIMIT = 50;

/** A list that is read page by page; `key` names the list and its filters. */
export const pagesOf = <Item>(
  key: readonly unknown[],
  read: (asked: Asked, signal: AbortSignal) => Promise<PageOf<Item>>,
) =>
  infiniteQueryOptions({
    queryKey: key,
    queryFn: ({ pageParam, signal }) =>
      read({ limit: LIMIT, ...(pageParam !== null && { cursor: pageParam }) }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor ?? null,
    placeholderData: keepPreviousData,
  });
