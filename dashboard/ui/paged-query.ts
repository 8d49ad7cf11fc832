// Lists that come in pages, by the cursor that the account API answers.
import { type QueryKey, useInfiniteQuery } from '@tanstack/react-query'

export interface CursorPage<Item> {
  items: Item[]
  nextCursor: string | null
}

/**
 * @param fetchPage of the first page without a cursor.
 * @param isFollowed something else brings what is new: coming back to the window asks for nothing.
 */
export function usePagedQuery<Item>(
  queryKey: QueryKey,
  fetchPage: (cursor: string | undefined) => Promise<CursorPage<Item>>,
  isFollowed = false,
) {
  const query = useInfiniteQuery({
    queryKey,
    queryFn: ({ pageParam }) => fetchPage(pageParam),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.nextCursor ?? undefined,
    refetchOnWindowFocus: !isFollowed,
  })
  return { ...query, items: query.data?.pages.flatMap(({ items }) => items) ?? [] }
}
