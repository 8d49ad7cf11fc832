import { CloseButton, Group, Paper, Stack, Text, Title } from '@mantine/core'
import { CheckList } from '../../ui/check-list.tsx'
import { DataTable } from '../../ui/data-table.tsx'
import { createHandover } from '../../ui/handover.ts'
import * as words from '../../words/index.ts'

const text = words.production.report

export interface Copied {
  /** The new client, and the one that it was copied from. */
  clientId: string
  from: string
  differences: readonly { member: string; test: unknown; production: unknown; reason: string }[]
  checklist: readonly { item: string; done: boolean; message: string }[]
}

/** From the page of the test client to that of its copy. */
export const copyHandover = createHandover<Copied>()

/** What differs from the test client, and what to look at before the copy is used. */
export function CopyReport({ copied, onClose }: { copied: Copied; onClose: () => void }) {
  return (
    <Paper withBorder p="md" component="section" aria-label={text.title(copied.from)}>
      <Group justify="space-between" wrap="nowrap" mb="sm">
        <Title order={2} size="h4">
          {text.title(copied.from)}
        </Title>
        <CloseButton aria-label={words.ui.close} onClick={onClose} />
      </Group>
      <Stack gap="md">
        {copied.differences.length === 0 ? (
          <Text size="sm">{text.noDifferences}</Text>
        ) : (
          <DataTable
            label={text.differences}
            rows={copied.differences}
            keyOf={({ member }) => member}
            columns={[
              {
                key: 'member',
                title: text.member,
                show: ({ member }) => words.clientEdit.members[member] ?? member,
              },
              { key: 'test', title: text.test, show: (row) => shown(row.test) },
              { key: 'production', title: text.production, show: (row) => shown(row.production) },
              { key: 'reason', title: text.reason, show: ({ reason }) => reason },
            ]}
          />
        )}
        <Title order={3} size="h5">
          {text.checklist}
        </Title>
        <CheckList
          items={copied.checklist.map(({ item, done, message }) => ({ id: item, title: message, done }))}
        />
      </Stack>
    </Paper>
  )
}

function shown(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? text.empty : value.join(' ')
  if (value === null || value === undefined || value === '') return text.empty
  if (typeof value === 'boolean') return value ? words.ui.yes : words.ui.no
  return String(value)
}
