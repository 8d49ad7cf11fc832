import { Alert, List, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { type ApiProblem, api, isRecord, read } from '../../api.ts'
import { useMay } from '../../session.ts'
import { Time } from '../../ui/time.tsx'
import * as words from '../../words/index.ts'
import type { Members } from './edit-form.ts'

const text = words.clientEdit.conflict

/** One change that somebody else made, as a 412 tells it. */
export interface ForeignChange {
  at: string
  action: string
  by: string
  before: Readonly<Record<string, unknown>>
  after: Readonly<Record<string, unknown>>
}

export function foreignChanges(problem: ApiProblem): ForeignChange[] {
  const { changes } = problem.members
  if (!Array.isArray(changes)) return []
  return changes.flatMap((change: unknown) => {
    if (!isRecord(change) || typeof change.at !== 'string' || typeof change.by !== 'string') return []
    const { at, by, action, before, after } = change
    return [
      {
        at,
        by,
        action: typeof action === 'string' ? action : '',
        before: isRecord(before) ? before : {},
        after: isRecord(after) ? after : {},
      },
    ]
  })
}

/** What somebody else saved while this was typed, and what saving on top of it overwrites. */
export function ConflictNotice({
  changes,
  mine,
}: {
  changes: readonly ForeignChange[]
  /** What is about to be saved. */
  mine: Partial<Members>
}) {
  const box = useRef<HTMLDivElement>(null)
  useEffect(() => box.current?.focus(), [])
  const nameOf = useMemberNames()
  const theirs = new Set(changes.flatMap(({ after }) => Object.keys(after)))
  const both = Object.entries(mine).filter(([name]) => name !== 'scopes' && theirs.has(name))
  return (
    <Alert color="yellow" variant="outline" title={text.title} role="alert" ref={box} tabIndex={-1}>
      <Stack gap="xs">
        <Text size="sm">{text.lead}</Text>
        {changes.map((change) => (
          <div key={`${change.at} ${change.action}`}>
            <Text size="sm" fw={600}>
              {nameOf(change.by)} {actionText(change.action)} <Time iso={change.at} />
            </Text>
            <List size="sm">
              {Object.keys(change.after).map((member) => (
                <List.Item key={member} style={{ overflowWrap: 'anywhere' }}>
                  {text.changed(labelOf(member), show(change.before[member]), show(change.after[member]))}
                </List.Item>
              ))}
            </List>
          </div>
        ))}
        {both.map(([member, value]) => (
          <Text key={member} size="sm" fw={600} style={{ overflowWrap: 'anywhere' }}>
            {text.yours(labelOf(member), show(value))}
          </Text>
        ))}
      </Stack>
    </Alert>
  )
}

/** Members by name, for whoever may see them. */
function useMemberNames(): (by: string) => string {
  const may = useMay('members:read')
  const query = useQuery({
    queryKey: ['member-names'],
    enabled: may,
    queryFn: () => read(api.GET('/account/members')),
  })
  return (by) => {
    const member = query.data?.items.find(({ id }) => by === `member ${id}`)
    return member?.name ?? by
  }
}

function labelOf(member: string): string {
  return words.clientEdit.members[member] ?? member
}

function actionText(action: string): string {
  const known = Object.entries(words.clientEdit.actions).find(([name]) => name === action)
  return known?.[1] ?? words.clientEdit.otherAction
}

/** A value as people read it. */
function show(value: unknown): string {
  if (value === null || value === undefined || value === '') return text.empty
  if (Array.isArray(value)) return value.length === 0 ? text.empty : value.join(' ')
  if (typeof value === 'boolean') return value ? words.ui.yes : words.ui.no
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}
