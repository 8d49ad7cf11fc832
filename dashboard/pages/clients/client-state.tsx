import { Badge } from '@mantine/core'
import * as words from '../../words/index.ts'
import type { Client } from './queries.ts'

const colors = { active: 'latch', disabled: 'yellow', deleted: 'red' } as const

/** Said in words; the colour says it again. */
export function StateBadge({ state }: { state: Client['state'] }) {
  return (
    <Badge variant="dot" color={colors[state]} style={{ flexShrink: 0 }}>
      {words.clients.states[state]}
    </Badge>
  )
}
