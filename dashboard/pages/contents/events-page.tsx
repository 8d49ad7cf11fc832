import { api, read } from '../../api.ts'
import { pathsOf } from '../../paths.ts'
import { useEnvironment } from '../../routing.ts'
import { IdText } from '../../ui/copy.tsx'
import { Link } from '../../ui/link.tsx'
import { usePagedQuery } from '../../ui/paged-query.ts'
import { Time } from '../../ui/time.tsx'
import * as words from '../../words/index.ts'
import { ContentList } from './content-list.tsx'

const text = words.contents.events

/** Events: what happened, newest first. */
export function EventsPage() {
  const environment = useEnvironment()
  const { event } = pathsOf(environment)
  const query = usePagedQuery(['events', environment], (cursor) =>
    read(
      api.GET('/account/{environment}/events', {
        params: { path: { environment }, query: { ...(cursor && { cursor }) } },
      }),
    ),
  )
  return (
    <ContentList
      words={text}
      query={query}
      keyOf={({ id }) => id}
      command={`curl -H "Authorization: Bearer $TOKEN" ${window.location.origin}/notification/events`}
      scope="event"
      columns={[
        {
          key: 'type',
          title: text.columns.type,
          show: ({ id, type }) => (
            <Link href={event(id)} className="id">
              {type}
            </Link>
          ),
        },
        { key: 'at', title: text.columns.at, show: ({ timestamp }) => <Time iso={timestamp} /> },
        {
          key: 'id',
          title: text.columns.id,
          wideOnly: true,
          show: ({ id }) => <IdText id={id} what={text.columns.id} />,
        },
      ]}
    />
  )
}
