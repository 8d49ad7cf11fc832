import { Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { api, read } from '../../api.ts'
import { pathsOf } from '../../paths.ts'
import { useEnvironment, useParam } from '../../routing.ts'
import { CodeBlock, IdText } from '../../ui/copy.tsx'
import { Facts } from '../../ui/facts.tsx'
import { Time } from '../../ui/time.tsx'
import * as words from '../../words/index.ts'
import { ContentDetail } from './content-detail.tsx'

const text = words.contents.documents

export function DocumentPage() {
  const environment = useEnvironment()
  const documentId = useParam('documentId')
  const query = useQuery({
    queryKey: ['document', environment, documentId],
    queryFn: () =>
      read(
        api.GET('/account/{environment}/documents/{documentId}', {
          params: { path: { environment, documentId } },
        }),
      ),
  })
  return (
    <ContentDetail
      title={query.data?.name ?? text.detail}
      list={text.title}
      listHref={pathsOf(environment).documents}
      query={query}
    >
      {(document) => (
        <>
          <Facts
            facts={[
              { name: text.facts.id, value: <IdText id={document.id} what={text.facts.id} /> },
              { name: text.facts.status, value: text.unsigned },
              { name: text.facts.size, value: text.bytes(document.sizeBytes) },
              {
                name: text.facts.sha256,
                value: <IdText id={document.sha256} what={text.facts.sha256} />,
              },
              { name: text.facts.created, value: <Time iso={document.createdAt} how="exact" /> },
            ]}
          />
          <Text size="sm">{text.download}</Text>
          <CodeBlock
            what={words.contents.command}
            code={`curl -H "Authorization: Bearer $TOKEN" -o document.pdf \\\n  ${window.location.origin}/signature/documents/${document.id}/files/unsigned`}
          />
        </>
      )}
    </ContentDetail>
  )
}
