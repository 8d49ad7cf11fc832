import { Button, Group, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useState } from 'react'
import { ApiProblem } from '../../api.ts'
import type { Environment } from '../../paths.ts'
import * as words from '../../words/index.ts'
import { runCommand } from './client-commands.ts'

const text = words.clients.end

/** As long as the server lets a deletion be undone. */
const undoMs = 10 * 60_000

/** Says what was done, where the page that did it may be gone. */
export function notify(message: string): void {
  notifications.show({ message, closeButtonProps: { 'aria-label': words.ui.close } })
}

/** After a deletion: wherever one goes in the dashboard, it can be taken back. */
export function offerUndo(environment: Environment, clientId: string): void {
  const id = `undo-${clientId}`
  notifications.show({
    id,
    autoClose: undoMs,
    closeButtonProps: { 'aria-label': words.ui.close },
    message: <Undo environment={environment} clientId={clientId} onDone={() => notifications.hide(id)} />,
  })
}

function Undo({
  environment,
  clientId,
  onDone,
}: {
  environment: Environment
  clientId: string
  onDone: () => void
}) {
  const [busy, setBusy] = useState(false)
  const [failure, setFailure] = useState<string>()
  const undo = async () => {
    if (busy) return
    setBusy(true)
    try {
      await runCommand('restore', environment, clientId)
      onDone()
      notify(text.restored(clientId))
    } catch (error) {
      setFailure(error instanceof ApiProblem ? error.message : String(error))
      setBusy(false)
    }
  }
  return (
    <Group justify="space-between" gap="sm">
      <Text size="sm">{failure ?? text.deleted(clientId)}</Text>
      <Button size="xs" variant="default" loading={busy} onClick={undo}>
        {text.undo}
      </Button>
    </Group>
  )
}
