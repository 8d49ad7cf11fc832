import { Alert, List, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { type Environment, pathsOf } from '../../paths.ts'
import { DocsLink, Link } from '../../ui/link.tsx'
import { Time } from '../../ui/time.tsx'
import * as words from '../../words/index.ts'
import { hostUseQuery } from '../clients/queries.ts'

const text = words.logs.host

/** Which clients still use the host name that goes out of use; nothing when none does. */
export function DeprecatedHost({ environment }: { environment: Environment }) {
  const { data } = useQuery(hostUseQuery(environment))
  if (!data || data.items.length === 0) return null
  const { client } = pathsOf(environment)
  return (
    <Alert color="yellow" variant="outline" title={text.title}>
      <List size="sm">
        {data.items.map(({ clientId, host, count, lastAt }) => (
          <List.Item key={`${clientId} ${host}`}>
            <Link href={client(clientId)}>{clientId}</Link> {text.calls(host, count)} <Time iso={lastAt} />
          </List.Item>
        ))}
      </List>
      <Text size="sm" mt="xs">
        {data.sunset !== null && (
          <>
            {text.sunset} <Time iso={data.sunset} how="exact" />{' '}
          </>
        )}
        <DocsLink href="/docs/deprecated-host">{text.docs}</DocsLink>
      </Text>
    </Alert>
  )
}
