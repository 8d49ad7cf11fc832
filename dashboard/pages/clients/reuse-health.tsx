import { Alert, SegmentedControl, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { type Environment, paths } from '../../paths.ts'
import { CodeBlock } from '../../ui/copy.tsx'
import { DocsLink } from '../../ui/link.tsx'
import { ErrorState, LoadingState } from '../../ui/states.tsx'
import * as words from '../../words/index.ts'
import { reuseQuery } from './queries.ts'

const text = words.clients.page

/** Whether a client asks for a token per call, and the change of code that mends it. */
export function ReuseHealth({ environment, clientId }: { environment: Environment; clientId: string }) {
  const query = useQuery(reuseQuery(environment, clientId))
  const [way, setWay] = useState<'sdk' | 'fetch'>('sdk')
  if (query.isPending) return <LoadingState rows={1} />
  if (query.isError) return <ErrorState error={query.error} onRetry={() => query.refetch()} />
  const [health] = query.data.items
  if (!health)
    return (
      <Text size="sm">
        {text.noTraffic} <DocsLink href={paths.reuse}>{text.howToReuse}</DocsLink>
      </Text>
    )
  const isBad = health.verdict === 'poor' || health.verdict === 'fair'
  return (
    <Stack gap="sm">
      <Alert
        color={isBad ? 'yellow' : 'latch'}
        variant="outline"
        p="sm"
        title={words.clients.verdicts[health.verdict]}
      >
        <Text size="sm">{health.sentence}</Text>
      </Alert>
      {isBad && (
        <Stack gap="xs">
          <SegmentedControl<'sdk' | 'fetch'>
            aria-label={text.codeChange}
            size="xs"
            style={{ alignSelf: 'flex-start' }}
            value={way}
            onChange={setWay}
            data={[
              { value: 'sdk', label: text.withSdk },
              { value: 'fetch', label: text.withFetch },
            ]}
          />
          <CodeBlock code={query.data.codeChange[way]} what={text.codeChange} />
        </Stack>
      )}
    </Stack>
  )
}
