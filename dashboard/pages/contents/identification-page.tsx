import { useQuery } from '@tanstack/react-query'
import { api, read } from '../../api.ts'
import { pathsOf } from '../../paths.ts'
import { useEnvironment, useParam } from '../../routing.ts'
import { IdText } from '../../ui/copy.tsx'
import { Facts } from '../../ui/facts.tsx'
import { Time } from '../../ui/time.tsx'
import * as words from '../../words/index.ts'
import { ContentDetail } from './content-detail.tsx'

const text = words.contents.identifications

export function IdentificationPage() {
  const environment = useEnvironment()
  const identificationId = useParam('identificationId')
  const query = useQuery({
    queryKey: ['identification', environment, identificationId],
    queryFn: () =>
      read(
        api.GET('/account/{environment}/identifications/{identificationId}', {
          params: { path: { environment, identificationId } },
        }),
      ),
  })
  return (
    <ContentDetail
      title={text.detail}
      list={text.title}
      listHref={pathsOf(environment).identifications}
      query={query}
    >
      {({ id, status, createdAt, expiresAt }) => (
        <Facts
          facts={[
            { name: text.facts.id, value: <IdText id={id} what={text.facts.id} /> },
            { name: text.facts.status, value: text[status] },
            { name: text.facts.created, value: <Time iso={createdAt} how="exact" /> },
            { name: text.facts.expires, value: <Time iso={expiresAt} how="exact" /> },
          ]}
        />
      )}
    </ContentDetail>
  )
}
