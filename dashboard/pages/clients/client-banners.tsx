import { Alert, Group, Text } from '@mantine/core'
import { pathsOf } from '../../paths.ts'
import { useMay } from '../../session.ts'
import { LinkButton } from '../../ui/link.tsx'
import { Time } from '../../ui/time.tsx'
import * as words from '../../words/index.ts'
import { EnableAction, UndoAction } from './client-actions.tsx'
import type { Client } from './queries.ts'

const text = words.clients.page

/** What its owner should know before a caller finds it out, each with the way to mend it. */
export function ClientBanners({ client }: { client: Client }) {
  const mayWrite = useMay('clients:write')
  if (client.state === 'deleted')
    return (
      <Banner action={mayWrite && <UndoAction client={client} />}>
        {text.deleted} {client.undoUntil !== null && <Time iso={client.undoUntil} how="exact" />}
      </Banner>
    )
  return (
    <>
      {client.state === 'disabled' && (
        <Banner action={mayWrite && <EnableAction client={client} />}>{text.disabled}</Banner>
      )}
      {client.warnings.map((warning) => (
        <Banner key={warning.code} action={mayWrite && <Mend client={client} code={warning.code} />}>
          {warning.code === 'no_scopes' ? text.noScopes : warning.message}
        </Banner>
      ))}
    </>
  )
}

function Mend({ client, code }: { client: Client; code: Client['warnings'][number]['code'] }) {
  const to = pathsOf(client.environment)
  const isSecret = code === 'secrets_without_expiry'
  return (
    <LinkButton
      size="xs"
      variant="default"
      href={isSecret ? to.clientTab(client.id, 'secrets') : to.chooseScopes(client.id)}
    >
      {isSecret ? text.toSecrets : text.chooseScopes}
    </LinkButton>
  )
}

function Banner({ children, action }: { children: React.ReactNode; action: React.ReactNode }) {
  return (
    <Alert color="yellow" variant="outline" p="sm">
      <Group justify="space-between" gap="sm">
        <Text component="div" size="sm" flex="1 1 16rem" style={{ overflowWrap: 'anywhere' }}>
          {children}
        </Text>
        {action}
      </Group>
    </Alert>
  )
}
