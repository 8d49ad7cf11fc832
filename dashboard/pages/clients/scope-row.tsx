import { Badge, Box, Checkbox, Group, Text } from '@mantine/core'
import { Time } from '../../ui/time.tsx'
import * as words from '../../words/index.ts'
import { scopeFieldId } from './edit-form.ts'
import type { Scope } from './queries.ts'

const text = words.scopes

/** When a scope was asked for, and when a call needed it. */
export interface ScopeUse {
  scope: string
  unused: boolean
  lastRequestedAt: string | null
  lastCalledAt: string | null
}

export interface ScopeRowProps {
  scope: Scope
  checked: boolean
  /** Why it cannot be ticked. */
  obstacle: string | undefined
  use: ScopeUse | undefined
  isSuggested: boolean
  error: string | undefined
  onToggle: (on: boolean) => void
}

/** A scope: what it is for, what it unlocks, whether it is used. */
export function ScopeRow({ scope, checked, obstacle, use, isSuggested, error, onToggle }: ScopeRowProps) {
  const id = scopeFieldId(scope.name)
  return (
    <Box
      px="md"
      py="xs"
      className={isSuggested ? 'scope-row suggested' : 'scope-row'}
      data-scope={scope.name}
    >
      <Group justify="space-between" align="flex-start" wrap="nowrap" gap="sm">
        <Checkbox
          id={id}
          label={<span className="id">{scope.name}</span>}
          checked={checked}
          disabled={obstacle !== undefined}
          aria-describedby={`${id}-about`}
          {...(error !== undefined && { 'aria-invalid': true })}
          onChange={(event) => onToggle(event.currentTarget.checked)}
        />
        <Group gap={6} justify="flex-end">
          {scope.deprecatedAt !== null && <Badge color="yellow">{text.deprecated}</Badge>}
          {scope.access === 'granted' && <Badge>{text.granted}</Badge>}
          {scope.access === 'reserved' && <Badge>{text.reservedBadge}</Badge>}
        </Group>
      </Group>
      <Box pl={32} fz="sm">
        <div id={`${id}-about`}>
          {error !== undefined && (
            <Text size="sm" c="var(--mantine-color-error)">
              {error}
            </Text>
          )}
          {isSuggested && obstacle === undefined && (
            <Text size="sm" fw={600}>
              {text.suggested}
            </Text>
          )}
          <Text size="sm">{scope.description}</Text>
          {obstacle !== undefined && (
            <Text size="sm" c="dimmed">
              {obstacle}
            </Text>
          )}
          {scope.retiredAt !== null ? (
            <Text size="sm">{text.retired}</Text>
          ) : (
            obstacle === undefined &&
            scope.deprecatedAt !== null &&
            scope.deprecationNote !== null && <Text size="sm">{scope.deprecationNote}</Text>
          )}
        </div>
        <Endpoints endpoints={scope.endpoints} />
        {use && <LastUse use={use} />}
      </Box>
    </Box>
  )
}

/** More of them are folded: who wants to know opens them. */
const shownAtOnce = 4

function Endpoints({ endpoints }: { endpoints: readonly string[] }) {
  if (endpoints.length === 0)
    return (
      <Text size="sm" c="dimmed">
        {text.noEndpoints}
      </Text>
    )
  const list = (
    <ul className="endpoints">
      {endpoints.map((endpoint) => (
        <li key={endpoint}>{endpoint}</li>
      ))}
    </ul>
  )
  if (endpoints.length > shownAtOnce)
    return (
      <Text component="details" size="sm" c="dimmed" className="endpoints-folded">
        <summary>{text.unlocksMany(endpoints.length)}</summary>
        {list}
      </Text>
    )
  return (
    <Text component="div" size="sm" c="dimmed">
      {text.unlocks}
      {list}
    </Text>
  )
}

/** Whether it could be taken away. */
function LastUse({ use }: { use: ScopeUse }) {
  const last = [use.lastCalledAt, use.lastRequestedAt]
    .filter((at) => at !== null)
    .toSorted()
    .at(-1)
  return (
    <Text size="sm" c="dimmed">
      {use.unused ? text.unused : last === undefined ? text.neverUsed : text.usedAt}{' '}
      {!use.unused && last !== undefined && <Time iso={last} />}
    </Text>
  )
}
