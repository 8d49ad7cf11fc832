import type { UseQueryResult } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { ApiProblem } from '../../api.ts'
import { Link, LinkButton } from '../../ui/link.tsx'
import { Page } from '../../ui/page.tsx'
import { EmptyState, ErrorState, LoadingState } from '../../ui/states.tsx'
import * as words from '../../words/index.ts'

const text = words.contents

/** One thing that an API holds, or that it is not there. */
export function ContentDetail<Item>({
  title,
  list,
  listHref,
  query,
  children,
}: {
  title: string
  list: string
  listHref: string
  query: UseQueryResult<Item>
  children: (item: Item) => ReactNode
}) {
  const back = <Link href={listHref}>{text.back(list)}</Link>
  const isGone = query.error instanceof ApiProblem && query.error.status === 404
  return (
    <Page title={title} lead={back}>
      {query.isPending && <LoadingState />}
      {query.isError && !isGone && <ErrorState error={query.error} onRetry={() => query.refetch()} />}
      {isGone && (
        <EmptyState
          title={text.gone}
          body={text.goneBody}
          action={<LinkButton href={listHref}>{text.back(list)}</LinkButton>}
        />
      )}
      {query.data !== undefined && children(query.data)}
    </Page>
  )
}
