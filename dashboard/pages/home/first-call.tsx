import { Alert, Card, Group, Stack, Text, Title } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { queryClient } from '../../api.ts'
import { pathsOf } from '../../paths.ts'
import { useMay } from '../../session.ts'
import { Action } from '../../ui/action.tsx'
import { announce } from '../../ui/announce.tsx'
import { CheckList } from '../../ui/check-list.tsx'
import { Link, LinkButton } from '../../ui/link.tsx'
import { ErrorState } from '../../ui/states.tsx'
import * as words from '../../words/index.ts'
import { createFirstClient } from '../clients/first-client.ts'
import { freshSecret } from '../clients/fresh-secret.ts'
import { SecretDialog } from '../clients/secret-dialog.tsx'
import { type FirstCallState, firstCallQuery } from './queries.ts'

const text = words.home.first

/** The three steps of the first call, which tick by themselves as they happen; then how long it took. */
export function FirstCall() {
  const query = useQuery(firstCallQuery)
  const fresh = freshSecret.use()
  const again = () => queryClient.invalidateQueries(firstCallQuery)
  return (
    <>
      {query.data && (query.data.call ? <Succeeded {...query.data.call} /> : <Steps state={query.data} />)}
      {query.isError && <ErrorState error={query.error} onRetry={() => query.refetch()} />}
      <SecretDialog fresh={fresh} onClose={() => freshSecret.drop()} onTried={again} />
    </>
  )
}

function Succeeded({ requestId, seconds }: NonNullable<FirstCallState['call']>) {
  if (seconds === undefined) return null
  return (
    <Alert color="latch" variant="outline" p="sm" title={text.succeeded(seconds)}>
      <Text size="sm">
        <Link href={pathsOf('test').logEntry(requestId)}>{text.seeLog}</Link>
      </Text>
    </Alert>
  )
}

function Steps({ state: { client, hasToken, refused } }: { state: FirstCallState }) {
  const mayCreate = useMay('clients:write')
  // Whoever presses again after a lost answer gets the client that was made.
  const key = useRef(crypto.randomUUID())
  const create = useMutation({
    mutationFn: () => createFirstClient(key.current),
    onSuccess: (made) => {
      freshSecret.leave(made)
      return queryClient.invalidateQueries(firstCallQuery)
    },
  })
  const to = pathsOf('test')
  const items = [
    { id: 'client', title: text.steps.client, done: client !== undefined },
    { id: 'token', title: text.steps.token, done: hasToken },
    { id: 'call', title: text.steps.call, done: false },
  ]
  const doneCount = items.filter(({ done }) => done).length
  const before = useRef(doneCount)
  useEffect(() => {
    if (doneCount > before.current) announce(text.progress(doneCount, items.length))
    before.current = doneCount
  }, [doneCount, items.length])
  return (
    <Card withBorder padding="lg" component="section" aria-label={text.title}>
      <Stack gap="md" align="flex-start">
        <div>
          <Title order={2} size="h4">
            {text.title}
          </Title>
          <Text>{text.lead}</Text>
        </div>
        <CheckList items={items} />
        {refused && (
          <Text size="sm">
            {text.refused} <Link href={to.logEntry(refused.requestId)}>{text.seeWhy}</Link>
          </Text>
        )}
        {create.isError && <ErrorState error={create.error} />}
        <Group gap="sm">
          {client === undefined ? (
            <Action
              onClick={() => create.mutate()}
              loading={create.isPending}
              reason={mayCreate ? undefined : words.ui.notAllowed(text.mayNot)}
            >
              {text.create}
            </Action>
          ) : (
            <LinkButton href={to.client(client.id)}>{text.openClient}</LinkButton>
          )}
          <LinkButton variant="default" href={to.clients}>
            {text.stepByStep}
          </LinkButton>
        </Group>
      </Stack>
    </Card>
  )
}
