import { Button } from '@mantine/core'
import * as words from '../words/index.ts'
import { ErrorState, LoadingState } from './states.tsx'

/** What of a query stands in the place of its data. */
export interface QueryStateProps {
  query: { isPending: boolean; isError: boolean; error: unknown; refetch: () => unknown }
  /** How many lines are about to come. */
  rows?: number
}

/** That the data of a query comes, or that it failed and can be tried again; nothing once it is there. */
export function QueryState({ query, rows }: QueryStateProps) {
  if (query.isPending) return <LoadingState {...(rows !== undefined && { rows })} />
  if (query.isError) return <ErrorState error={query.error} onRetry={() => query.refetch()} />
  return null
}

/** Under a list that comes in pages: the next one, while there is one. */
export function MoreButton({
  query,
}: {
  query: { hasNextPage: boolean; isFetchingNextPage: boolean; fetchNextPage: () => unknown }
}) {
  if (!query.hasNextPage) return null
  return (
    <div>
      <Button variant="default" loading={query.isFetchingNextPage} onClick={() => query.fetchNextPage()}>
        {words.ui.more}
      </Button>
    </div>
  )
}
