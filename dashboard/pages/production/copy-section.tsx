import { Text } from '@mantine/core'
import { api, read } from '../../api.ts'
import { pathsOf } from '../../paths.ts'
import { IdText } from '../../ui/copy.tsx'
import { DataTable } from '../../ui/data-table.tsx'
import { Link } from '../../ui/link.tsx'
import { Section } from '../../ui/page.tsx'
import { usePagedQuery } from '../../ui/paged-query.ts'
import { MoreButton, QueryState } from '../../ui/query-state.tsx'
import * as words from '../../words/index.ts'
import { CopyAction } from '../clients/copy-action.tsx'

const text = words.production

/** The test clients, each with the way to production. */
export function CopySection({ isApproved }: { isApproved: boolean }) {
  const query = usePagedQuery(['clients', 'test', 'to copy'], (cursor) =>
    read(
      api.GET('/account/{environment}/api-clients', {
        params: {
          path: { environment: 'test' },
          query: { state: 'active', ...(cursor !== undefined && { cursor }) },
        },
      }),
    ),
  )
  const columns = words.clients.list.columns
  const { client, clients } = pathsOf('test')
  return (
    <Section title={text.copyTitle} lead={isApproved ? text.copyLead : text.copyClosed}>
      <QueryState query={query} />
      {query.isSuccess && query.items.length === 0 && (
        <Text size="sm">
          {text.noClients} <Link href={clients}>{text.toClients}</Link>
        </Text>
      )}
      {query.items.length > 0 && (
        <DataTable
          label={text.copyTitle}
          rows={query.items}
          keyOf={({ id }) => id}
          columns={[
            {
              key: 'name',
              title: columns.name,
              show: ({ id, name }) => <Link href={client(id)}>{name}</Link>,
            },
            {
              key: 'id',
              title: columns.clientId,
              show: ({ id }) => <IdText id={id} what={columns.clientId} />,
            },
            { key: 'copy', title: text.copy.action, show: (row) => <CopyAction client={row} /> },
          ]}
        />
      )}
      <MoreButton query={query} />
    </Section>
  )
}
