import { Group, Stack, Text, Tooltip } from '@mantine/core'
import type { ReactNode } from 'react'
import { type Environment, pathsOf } from '../../paths.ts'
import { IdText } from '../../ui/copy.tsx'
import type { Column } from '../../ui/data-table.tsx'
import { Link } from '../../ui/link.tsx'
import { Time } from '../../ui/time.tsx'
import * as words from '../../words/index.ts'
import { UndoAction } from './client-actions.tsx'
import { StateBadge } from './client-state.tsx'
import type { ListedClient, Reuse } from './queries.ts'

const text = words.clients.list

/** So many clients the server judges at once. */
const verdictsAtMost = 100

export interface ListContext {
  /** How well those with traffic reuse their tokens. */
  verdicts: ReadonlyMap<string, Reuse['items'][number]['verdict']>
  mayWrite: boolean
}

export function clientColumns(
  environment: Environment,
  { verdicts, mayWrite }: ListContext,
): readonly Column<ListedClient>[] {
  const { client } = pathsOf(environment)
  return [
    {
      key: 'name',
      title: text.columns.name,
      show: ({ id, name }) => (
        <Text span size="sm" style={{ overflowWrap: 'anywhere' }}>
          <Link href={client(id)}>{name}</Link>
        </Text>
      ),
    },
    {
      key: 'id',
      title: text.columns.clientId,
      show: ({ id }) => <IdText id={id} what={text.columns.clientId} />,
    },
    { key: 'type', title: text.columns.type, wideOnly: true, show: () => text.oauth },
    { key: 'scopes', title: text.columns.scopes, show: ({ scopes }) => <Scopes scopes={scopes} /> },
    { key: 'secrets', title: text.columns.secrets, show: ({ secrets }) => <Secrets secrets={secrets} /> },
    {
      key: 'used',
      title: text.columns.lastUsed,
      show: ({ lastUsedAt }) => (lastUsedAt === null ? words.ui.never : <Time iso={lastUsedAt} />),
    },
    {
      key: 'reuse',
      title: text.columns.reuse,
      show: ({ id }) =>
        words.clients.verdicts[verdicts.get(id) ?? (verdicts.size < verdictsAtMost ? 'none' : 'unknown')],
    },
    {
      key: 'state',
      title: text.columns.state,
      show: (row) => (
        <State row={row} undo={mayWrite && <UndoAction client={{ environment, id: row.id }} />} />
      ),
    },
  ]
}

function State({ row, undo }: { row: ListedClient; undo: ReactNode }) {
  if (row.state !== 'deleted') return <StateBadge state={row.state} />
  return (
    <Group gap="xs" wrap="nowrap">
      {undo}
      <Stack gap={2}>
        <StateBadge state={row.state} />
        {row.undoUntil !== null && (
          <Text size="xs" c="dimmed">
            {text.deletedUntil} <Time iso={row.undoUntil} />
          </Text>
        )}
      </Stack>
    </Group>
  )
}

function Scopes({ scopes }: { scopes: readonly string[] }) {
  if (scopes.length === 0) return text.noScopes
  return (
    <Tooltip label={scopes.join(' ')} multiline maw={360}>
      <span>{text.scopeCount(scopes.length)}</span>
    </Tooltip>
  )
}

function Secrets({ secrets }: { secrets: ListedClient['secrets'] }) {
  if (secrets.alive === 0 || secrets.oldestCreatedAt === null) return text.noSecrets
  return (
    <>
      {text.secretCount(secrets.alive)} <Time iso={secrets.oldestCreatedAt} />
    </>
  )
}
