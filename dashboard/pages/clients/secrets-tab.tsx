import { Alert, Group, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useMay } from '../../session.ts'
import { Action } from '../../ui/action.tsx'
import { Section } from '../../ui/page.tsx'
import { EmptyState, ErrorState, LoadingState } from '../../ui/states.tsx'
import * as words from '../../words/index.ts'
import { type Client, type Secret, secretsQuery } from './queries.ts'
import { AddSecret } from './secret-add.tsx'
import { SecretCard } from './secret-card.tsx'
import { ChangeSecret } from './secret-change.tsx'
import { RevokeSecret } from './secret-revoke.tsx'

const text = words.secrets

type Open = { what: 'add' | 'rotate' } | { what: 'change' | 'revoke'; secret: Secret }

/** The secrets of a client, who still uses which, and the way from one to the next. */
export function SecretsTab({ client }: { client: Client }) {
  const query = useQuery(secretsQuery(client.environment, client.id))
  const mayWrite = useMay('clients:write')
  const [open, setOpen] = useState<Open>()
  const [notice, setNotice] = useState<string>()
  if (query.isPending) return <LoadingState />
  if (query.isLoadingError) return <ErrorState error={query.error} onRetry={() => query.refetch()} />
  const isEnded = ({ state }: Secret) => state === 'expired' || state === 'revoked'
  const alive = query.data.filter((secret) => !isEnded(secret))
  const ended = query.data.filter(isEnded)
  const canChange = mayWrite && client.state !== 'deleted'
  const denied = mayWrite ? undefined : words.ui.notAllowed(text.mayNot)
  const full = alive.length >= 2 ? text.twoAlive : undefined
  const close = () => setOpen(undefined)
  const add = (
    <Action reason={denied ?? full} variant="default" onClick={() => setOpen({ what: 'add' })}>
      {text.add}
    </Action>
  )
  const cards = (secrets: readonly Secret[]) =>
    secrets.map((secret) => (
      <SecretCard
        key={secret.id}
        secret={secret}
        {...(canChange &&
          !isEnded(secret) && {
            onChange: () => setOpen({ what: 'change', secret }),
            onRevoke: () => setOpen({ what: 'revoke', secret }),
          })}
      />
    ))
  return (
    <Stack gap="xl">
      <Section
        title={text.title}
        lead={text.lead}
        action={
          client.state !== 'deleted' && (
            <Group gap="sm">
              {alive.length > 0 && add}
              <Action
                reason={denied ?? full ?? (alive.length === 0 ? text.noneToRotate : undefined)}
                onClick={() => setOpen({ what: 'rotate' })}
              >
                {text.rotate}
              </Action>
            </Group>
          )
        }
      >
        <Stack gap="md">
          {notice !== undefined && (
            <Alert color="latch" variant="outline" p="sm" role="status">
              <Text size="sm">{notice}</Text>
            </Alert>
          )}
          {alive.length === 0 && (
            <EmptyState title={text.empty} body={text.emptyBody} action={client.state !== 'deleted' && add} />
          )}
          {cards(alive)}
        </Stack>
      </Section>
      {ended.length > 0 && (
        <Section title={text.ended}>
          <Stack gap="md">{cards(ended)}</Stack>
        </Section>
      )}
      {(open?.what === 'add' || open?.what === 'rotate') && (
        <AddSecret client={client} isRotation={open.what === 'rotate'} onClose={close} />
      )}
      {open?.what === 'change' && <ChangeSecret client={client} secret={open.secret} onClose={close} />}
      {open?.what === 'revoke' && (
        <RevokeSecret client={client} secret={open.secret} onClose={close} onRevoked={setNotice} />
      )}
    </Stack>
  )
}
