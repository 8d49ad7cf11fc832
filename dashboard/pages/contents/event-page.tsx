import { useQuery } from '@tanstack/react-query'
import { api, read } from '../../api.ts'
import { pathsOf } from '../../paths.ts'
import { useEnvironment, useParam } from '../../routing.ts'
import { CodeBlock, IdText } from '../../ui/copy.tsx'
import { Facts } from '../../ui/facts.tsx'
import { Time } from '../../ui/time.tsx'
import * as words from '../../words/index.ts'
import { ContentDetail } from './content-detail.tsx'

const text = words.contents.events

export function EventPage() {
  const environment = useEnvironment()
  const eventId = useParam('eventId')
  const query = useQuery({
    queryKey: ['event', environment, eventId],
    queryFn: () =>
      read(
        api.GET('/account/{environment}/events/{eventId}', { params: { path: { environment, eventId } } }),
      ),
  })
  return (
    <ContentDetail
      title={query.data?.type ?? text.detail}
      list={text.title}
      listHref={pathsOf(environment).events}
      query={query}
    >
      {({ id, timestamp, data }) => (
        <>
          <Facts
            facts={[
              { name: text.facts.id, value: <IdText id={id} what={text.facts.id} /> },
              { name: text.facts.at, value: <Time iso={timestamp} how="exact" /> },
            ]}
          />
          <CodeBlock code={JSON.stringify(data, null, 2)} what={text.data} />
        </>
      )}
    </ContentDetail>
  )
}
