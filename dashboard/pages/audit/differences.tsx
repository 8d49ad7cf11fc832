import { Text } from '@mantine/core'
import { words } from '../../words/index.ts'

type Members = Record<string, unknown> | null

/** What a change did, member by member: text, whatever it holds. */
export function Differences({ before, after }: { before: Members; after: Members }) {
  const names = [...new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])]
  if (names.length === 0) return words.common.none
  return (
    <>
      {names.map((name) => (
        <Text key={name} size="sm" style={{ overflowWrap: 'anywhere' }}>
          <span className="id">{name}</span>{' '}
          {before !== null && name in before && (
            <>
              <span className="only-read-aloud">{words.audit.before}</span> <s>{shown(before[name])}</s>{' '}
            </>
          )}
          {after !== null && name in after && (
            <>
              <span className="only-read-aloud">{words.audit.after}</span> {shown(after[name])}
            </>
          )}
        </Text>
      ))}
    </>
  )
}

function shown(value: unknown): string {
  if (value === null) return words.common.none
  if (Array.isArray(value) && value.every((item) => typeof item === 'string'))
    return value.join(' ') || words.common.none
  return typeof value === 'string' ? value : JSON.stringify(value)
}
