import { Card, Group, Stack, Text, Title } from '@mantine/core'
import { pathsOf } from '../../paths.ts'
import { useEnvironment } from '../../routing.ts'
import { CodeBlock } from '../../ui/copy.tsx'
import { LinkButton } from '../../ui/link.tsx'
import * as words from '../../words/index.ts'

const text = words.logs

/** Nothing happened yet: the command that makes something happen. */
export function NoEntries({ clientId }: { clientId: string | undefined }) {
  const environment = useEnvironment()
  const { clients, client } = pathsOf(environment)
  const curl = [
    `curl -u ${clientId ?? 'CLIENT_ID'}:CLIENT_SECRET \\`,
    '  -d grant_type=client_credentials \\',
    `  ${window.location.origin}/oauth/connect/token`,
  ].join('\n')
  return (
    <Card withBorder padding="xl">
      <Stack gap="sm">
        <Title order={2} size="h4">
          {text.empty}
        </Title>
        <Text>{text.emptyBody}</Text>
        <CodeBlock code={curl} what={text.panel.again} />
        <Group>
          {clientId === undefined ? (
            <LinkButton href={clients}>{text.emptyAction}</LinkButton>
          ) : (
            environment === 'test' && <LinkButton href={client(clientId)}>{text.sendTestCall}</LinkButton>
          )}
        </Group>
      </Stack>
    </Card>
  )
}
