import { api, read } from '../../api.ts'
import { pathsOf } from '../../paths.ts'
import { useEnvironment } from '../../routing.ts'
import { Link } from '../../ui/link.tsx'
import { usePagedQuery } from '../../ui/paged-query.ts'
import { Time } from '../../ui/time.tsx'
import * as words from '../../words/index.ts'
import { ContentList } from './content-list.tsx'

const text = words.contents.identifications

/** Identification: what clients have begun. */
export function IdentificationsPage() {
  const environment = useEnvironment()
  const { identification } = pathsOf(environment)
  const query = usePagedQuery(['identifications', environment], (cursor) =>
    read(
      api.GET('/account/{environment}/identifications', {
        params: { path: { environment }, query: { ...(cursor && { cursor }) } },
      }),
    ),
  )
  return (
    <ContentList
      words={text}
      query={query}
      keyOf={({ id }) => id}
      command={`curl -X POST -H "Authorization: Bearer $TOKEN" ${window.location.origin}/identification/sessions`}
      scope="identify"
      columns={[
        {
          key: 'id',
          title: text.columns.id,
          show: ({ id }) => (
            <Link href={identification(id)} className="id">
              {id}
            </Link>
          ),
        },
        { key: 'status', title: text.columns.status, show: ({ status }) => text[status] },
        { key: 'at', title: text.columns.created, show: ({ createdAt }) => <Time iso={createdAt} /> },
        { key: 'ends', title: text.columns.expires, show: ({ expiresAt }) => <Time iso={expiresAt} /> },
      ]}
    />
  )
}
