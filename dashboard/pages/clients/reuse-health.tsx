import { Alert, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { type Environment, paths } from '../../paths.ts'
import { DocsLink } from '../../ui/link.tsx'
import { QueryState } from '../../ui/query-state.tsx'
import * as words from '../../words/index.ts'
import { CodeChange } from './code-change.tsx'
import { reuseQuery } from './queries.ts'

const text = words.clients.page

/** Whether a client asks for a token per call, and the change of code that mends it. */
export function ReuseHealth({ environment, clientId }: { environment: Environment; clientId: string }) {
  const query = useQuery(reuseQuery(environment, clientId))
  if (query.isPending || query.isError) return <QueryState query={query} rows={1} />
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
      {isBad && <CodeChange codeChange={query.data.codeChange} />}
    </Stack>
  )
}
