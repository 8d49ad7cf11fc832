// Before and after, member by member: always text, whatever somebody wrote into a name.
import { Text } from '@mantine/core'
import { exactTime, useTimeZone } from '../../ui/time.tsx'
import * as words from '../../words/index.ts'
import { type Difference, differencesOf } from './differences.ts'

const text = words.audit
/** More than that are folded away. */
const shownAtOnce = 4

export function ChangeLines(entry: Parameters<typeof differencesOf>[0]) {
  const differences = differencesOf(entry)
  const shown = differences.length <= shownAtOnce ? differences : []
  if (differences.length === 0) return <Text size="sm">{text.noValues}</Text>
  if (shown.length > 0) return <Lines differences={shown} />
  return (
    <details>
      <summary>
        <Text component="span" size="sm">
          {text.values(differences.length)}
        </Text>
      </summary>
      <Lines differences={differences} />
    </details>
  )
}

function Lines({ differences }: { differences: readonly Difference[] }) {
  const [zone] = useTimeZone()
  const show = (value: string) => (isTime(value) ? exactTime(value, zone) : value)
  return differences.map((difference) => (
    <Text key={difference.name} size="sm" style={{ overflowWrap: 'anywhere' }}>
      <Text component="span" inherit c="dimmed">
        {text.named(difference.name)}
      </Text>{' '}
      {'added' in difference
        ? [
            ...difference.removed.map((value) => text.removed(value)),
            ...difference.added.map((value) => text.added(value)),
          ].join(', ')
        : difference.before === undefined
          ? show(difference.after)
          : text.became(show(difference.before), show(difference.after))}
    </Text>
  ))
}

function isTime(value: string): boolean {
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/.test(value) && !Number.isNaN(Date.parse(value))
}
