import { useQuery } from '@tanstack/react-query'
import { api, read } from '../../api.ts'
import { pathsOf } from '../../paths.ts'
import { LinkButton } from '../../ui/link.tsx'
import { QueryState } from '../../ui/query-state.tsx'
import { EmptyState } from '../../ui/states.tsx'
import * as words from '../../words/index.ts'

const text = words.home.production

/** Production before it is open: how far the account is, and where it goes on. */
export function ProductionState() {
  const query = useQuery({
    queryKey: ['production'],
    queryFn: () => read(api.GET('/account/production-checklist')),
  })
  if (query.isPending || query.isError) return <QueryState query={query} />
  const { items, request } = query.data
  const isAsked = request?.state === 'open'
  const done = items.filter((item) => item.done).length
  return (
    <EmptyState
      title={isAsked ? text.asked : text.title}
      body={isAsked ? text.askedBody : `${text.body} ${text.progress(done, items.length)}`}
      action={<LinkButton href={pathsOf('production').production}>{text.action}</LinkButton>}
    />
  )
}
