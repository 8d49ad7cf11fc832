import { Button, Group } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { ApiProblem } from '../../api.ts'
import { type Environment, pathsOf } from '../../paths.ts'
import { useGo } from '../../routing.ts'
import { useMay } from '../../session.ts'
import { Action } from '../../ui/action.tsx'
import { Confirm } from '../../ui/confirm.tsx'
import { Section } from '../../ui/page.tsx'
import * as words from '../../words/index.ts'
import { type Command, runCommand } from './client-commands.ts'
import { effectText } from './effect.ts'
import { type Client, lastHourQuery } from './queries.ts'
import { notify, offerUndo } from './undo.tsx'

const text = words.clients.end

type Ending = 'disable' | 'revoke-tokens' | 'delete'

/** At the foot of the page: what ends something. */
export function EndSection({ client }: { client: Client }) {
  const [asked, setAsked] = useState<Ending>()
  const mayWrite = useMay('clients:write')
  const reason = mayWrite ? undefined : words.ui.notAllowed(text.mayNot)
  return (
    <Section title={text.title} lead={text.lead}>
      <Group gap="sm">
        {client.state === 'active' && (
          <Action variant="default" reason={reason} onClick={() => setAsked('disable')}>
            {text.disable}
          </Action>
        )}
        <Action variant="default" reason={reason} onClick={() => setAsked('revoke-tokens')}>
          {text.revoke}
        </Action>
        <Action color="red" variant="outline" reason={reason} onClick={() => setAsked('delete')}>
          {text.delete}
        </Action>
      </Group>
      <EndConfirm client={client} asked={asked} onClose={() => setAsked(undefined)} />
    </Section>
  )
}

function EndConfirm({
  client,
  asked,
  onClose,
}: {
  client: Client
  asked: Ending | undefined
  onClose: () => void
}) {
  const { environment, id } = client
  const go = useGo()
  const mayRead = useMay('activity:read')
  const use = useQuery({
    ...lastHourQuery(environment, id),
    enabled: asked !== undefined && mayRead,
  })
  const calls = use.data ? text.calls(use.data.calls, use.data.isMore) : use.isError ? text.callsUnknown : ''
  // The last one that was asked stays while the dialog fades.
  const [last, setLast] = useState<Ending>('disable')
  if (asked !== undefined && asked !== last) setLast(asked)
  const said = {
    disable: {
      title: text.disableTitle(id),
      body: text.disableBody,
      action: text.disable,
      done: text.disabled,
    },
    'revoke-tokens': {
      title: text.revokeTitle(id),
      body: text.revokeBody,
      action: text.revoke,
      done: text.revoked,
    },
    delete: {
      title: text.deleteTitle(id),
      body: text.deleteBody,
      action: text.delete,
      done: text.deleted(id),
    },
  }[last]
  const confirm = async () => {
    const changed = await runCommand(last, environment, id)
    if (last === 'delete') {
      offerUndo(environment, id)
      go(pathsOf(environment).clients)
      return
    }
    const effect = changed.effectiveOn === undefined ? '' : effectText(changed.effectiveOn)
    notify(`${said.done} ${effect}`)
  }
  return (
    <Confirm
      opened={asked !== undefined}
      onClose={onClose}
      title={said.title}
      action={said.action}
      {...(last === 'delete' && environment === 'production' && { typed: client.name })}
      onConfirm={confirm}
    >
      {calls} {said.body}
    </Confirm>
  )
}

/** One press, no question: it ends nothing. */
function CommandAction({
  environment,
  clientId,
  command,
  label,
  aloud,
  done,
}: {
  environment: Environment
  clientId: string
  command: Command
  label: string
  aloud?: string
  done: string
}) {
  const run = useMutation({
    mutationFn: () => runCommand(command, environment, clientId),
    onSuccess: () => {
      notifications.hide(`undo-${clientId}`)
      notify(done)
    },
    onError: (error) => notify(error instanceof ApiProblem ? error.message : String(error)),
  })
  return (
    <Button
      size="xs"
      variant="default"
      loading={run.isPending}
      style={{ flexShrink: 0 }}
      {...(aloud !== undefined && { 'aria-label': aloud })}
      onClick={() => run.mutate()}
    >
      {label}
    </Button>
  )
}

export function EnableAction({ client }: { client: Client }) {
  return (
    <CommandAction
      environment={client.environment}
      clientId={client.id}
      command="enable"
      label={text.enable}
      done={text.enabled}
    />
  )
}

export function UndoAction({ client }: { client: { environment: Environment; id: string } }) {
  return (
    <CommandAction
      environment={client.environment}
      clientId={client.id}
      command="restore"
      label={text.undo}
      aloud={text.undoAloud(client.id)}
      done={text.restored(client.id)}
    />
  )
}
