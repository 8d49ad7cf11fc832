import { Text } from '@mantine/core'
import { api, read } from '../../api.ts'
import { pathsOf } from '../../paths.ts'
import { useEnvironment } from '../../routing.ts'
import { IdText } from '../../ui/copy.tsx'
import { Link } from '../../ui/link.tsx'
import { usePagedQuery } from '../../ui/paged-query.ts'
import { Time } from '../../ui/time.tsx'
import * as words from '../../words/index.ts'
import { ContentList } from './content-list.tsx'

const text = words.contents.documents

/** Signature: the documents of the account. */
export function DocumentsPage() {
  const environment = useEnvironment()
  const { document } = pathsOf(environment)
  const query = usePagedQuery(['documents', environment], (cursor) =>
    read(
      api.GET('/account/{environment}/documents', {
        params: { path: { environment }, query: { ...(cursor && { cursor }) } },
      }),
    ),
  )
  return (
    <ContentList
      words={text}
      query={query}
      keyOf={({ id }) => id}
      command={`curl -H "Authorization: Bearer $TOKEN" -F file=@contract.pdf ${window.location.origin}/signature/documents`}
      scope="document_write"
      columns={[
        {
          key: 'name',
          title: text.columns.name,
          show: ({ id, name }) => (
            <Text span size="sm" style={{ overflowWrap: 'anywhere' }}>
              <Link href={document(id)}>{name}</Link>
            </Text>
          ),
        },
        { key: 'status', title: text.columns.status, show: () => text.unsigned },
        {
          key: 'size',
          title: text.columns.size,
          numeric: true,
          show: ({ sizeBytes }) => text.bytes(sizeBytes),
        },
        { key: 'at', title: text.columns.created, show: ({ createdAt }) => <Time iso={createdAt} /> },
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
