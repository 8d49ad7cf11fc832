import { Card, Group, Stack, Text, Title } from '@mantine/core'
import { paths, pathsOf } from '../../paths.ts'
import { useEnvironment } from '../../routing.ts'
import { CodeBlock } from '../../ui/copy.tsx'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import { DocsLink, LinkButton } from '../../ui/link.tsx'
import { Page } from '../../ui/page.tsx'
import type { usePagedQuery } from '../../ui/paged-query.ts'
import { MoreButton, QueryState } from '../../ui/query-state.tsx'
import * as words from '../../words/index.ts'

const text = words.contents

interface ContentListProps<Item> {
  words: { title: string; lead: string; empty: string; emptyBody: string }
  query: ReturnType<typeof usePagedQuery<Item>>
  columns: readonly Column<Item>[]
  keyOf: (item: Item) => string
  /** What fills the list, as a command with a token in TOKEN. */
  command: string
  /** The one that the command needs. */
  scope: string
}

/** A list of what one of the APIs holds, with the command that adds the first. */
export function ContentList<Item>({
  words: own,
  query,
  columns,
  keyOf,
  command,
  scope,
}: ContentListProps<Item>) {
  const { clients } = pathsOf(useEnvironment())
  return (
    <Page title={own.title} lead={own.lead}>
      <QueryState query={query} />
      {query.isSuccess && query.items.length === 0 && (
        <Card withBorder padding="xl">
          <Stack gap="sm">
            <Title order={2} size="h4">
              {own.empty}
            </Title>
            <Text>{own.emptyBody}</Text>
            <CodeBlock code={`${tokenCommand(scope)}\n\n${command}`} what={text.command} />
            <Group gap="lg">
              <LinkButton href={clients}>{text.toClients(scope)}</LinkButton>
              <DocsLink href={paths.reference}>{text.reference}</DocsLink>
            </Group>
          </Stack>
        </Card>
      )}
      {query.items.length > 0 && (
        <DataTable label={own.title} columns={columns} rows={query.items} keyOf={keyOf} />
      )}
      <MoreButton query={query} />
    </Page>
  )
}

/** As a POSIX shell and jq do it. */
function tokenCommand(scope: string): string {
  return [
    'TOKEN=$(curl -s -u CLIENT_ID:CLIENT_SECRET \\',
    `  -d grant_type=client_credentials -d scope=${scope} \\`,
    `  ${window.location.origin}/oauth/connect/token | jq -r .access_token)`,
  ].join('\n')
}
