import { Badge, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { type Environment, paths, pathsOf } from '../../paths.ts'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import { DocsLink, Link } from '../../ui/link.tsx'
import { Section } from '../../ui/page.tsx'
import { QueryState } from '../../ui/query-state.tsx'
import { EmptyState } from '../../ui/states.tsx'
import * as words from '../../words/index.ts'
import { CodeChange } from '../clients/code-change.tsx'
import { type Reuse, reuseQuery } from '../clients/queries.ts'

const text = words.logs.reuse

type Health = Reuse['items'][number]

/** How well each client reuses its tokens, and the change of code for those that ask too often. */
export function ReuseView({ environment }: { environment: Environment }) {
  const query = useQuery(reuseQuery(environment))
  if (query.isPending || query.isError) return <QueryState query={query} />
  const { items, codeChange } = query.data
  const docs = <DocsLink href={paths.reuse}>{text.docs}</DocsLink>
  if (items.length === 0) return <EmptyState title={text.empty} body={text.emptyBody} action={docs} />
  const needsChange = items.some(({ verdict }) => verdict === 'poor' || verdict === 'fair')
  return (
    <Stack gap="lg">
      <Section title={text.title} lead={text.lead}>
        <DataTable
          label={text.title}
          columns={columns(environment)}
          rows={items}
          keyOf={({ clientId }) => clientId}
          minWidth={820}
        />
      </Section>
      {needsChange && (
        <Section title={text.change} lead={text.changeLead}>
          <CodeChange codeChange={codeChange} />
          <Text size="sm" mt="sm">
            {docs}
          </Text>
        </Section>
      )}
    </Stack>
  )
}

function columns(environment: Environment): readonly Column<Health>[] {
  const { clientTab } = pathsOf(environment)
  return [
    {
      key: 'client',
      title: words.logs.columns.client,
      show: ({ clientId }) => (
        <span className="id">
          <Link href={clientTab(clientId, 'overview')}>{clientId}</Link>
        </span>
      ),
    },
    {
      key: 'verdict',
      title: text.columns.verdict,
      show: ({ verdict }) => <Badge>{words.clients.verdicts[verdict]}</Badge>,
    },
    {
      key: 'tokens',
      title: text.columns.tokens,
      numeric: true,
      show: ({ tokenRequests }) => tokenRequests,
    },
    { key: 'calls', title: text.columns.calls, numeric: true, show: ({ apiCalls }) => apiCalls },
    { key: 'says', title: text.columns.says, show: ({ sentence }) => <Text size="sm">{sentence}</Text> },
  ]
}
