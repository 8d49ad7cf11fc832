// Before something is destroyed: what, with which effect, and a button that says it again.
import { Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core'
import { type ReactNode, useState } from 'react'
import * as words from '../words/index.ts'
import { ErrorState } from './states.tsx'

export interface ConfirmProps {
  opened: boolean
  onClose: () => void
  /** Names the object, e.g. `Delete test-quiet-fjord-482?` */
  title: string
  /** The effect, and who depends on it. */
  children: ReactNode
  /** Verb and object, e.g. `Delete client`. */
  action: string
  /** Has to be typed first: for production clients and accounts alone. */
  typed?: string | undefined
  /** False: nothing is lost by it. */
  destructive?: boolean
  onConfirm: () => Promise<unknown>
}

export function Confirm({
  opened,
  onClose,
  title,
  children,
  action,
  typed,
  destructive = true,
  onConfirm,
}: ConfirmProps) {
  const [text, setText] = useState('')
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>()
  const close = () => {
    setText('')
    setError(undefined)
    onClose()
  }
  const confirm = async () => {
    setBusy(true)
    setError(undefined)
    try {
      await onConfirm()
      close()
    } catch (failure) {
      setError(failure)
    } finally {
      setBusy(false)
    }
  }
  return (
    <Modal opened={opened} onClose={close} title={title} closeButtonProps={{ 'aria-label': words.ui.close }}>
      <Stack>
        <Text component="div" size="sm">
          {children}
        </Text>
        {typed !== undefined && (
          <TextInput
            label={words.ui.typeToConfirm(typed)}
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
            autoComplete="off"
            spellCheck={false}
          />
        )}
        {error !== undefined && <ErrorState error={error} />}
        <Group justify="space-between">
          <Button
            {...(destructive && { color: 'red' })}
            loading={busy}
            disabled={typed !== undefined && text !== typed}
            onClick={confirm}
          >
            {action}
          </Button>
          <Button variant="default" onClick={close} data-autofocus>
            {words.ui.cancel}
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}
