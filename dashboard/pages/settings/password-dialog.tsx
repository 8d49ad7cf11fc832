import { Button, Group, Modal, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import { FormErrors, useForm } from '../../ui/form.tsx'
import * as words from '../../words/index.ts'
import { PasswordField } from '../people/fields.tsx'

/** Asks for the password before something that matters. */
export function PasswordDialog({
  opened,
  title,
  body,
  action,
  onClose,
  onPassword,
}: {
  opened: boolean
  title: string
  body: string | undefined
  action: string
  onClose: () => void
  /** Throws when the password is wrong: the dialog stays open and says so. */
  onPassword: (password: string) => Promise<void>
}) {
  const [password, setPassword] = useState('')
  const close = () => {
    setPassword('')
    onClose()
  }
  const form = useForm(
    () => ({ password: password === '' ? words.people.missing.password : undefined }),
    async () => {
      await onPassword(password)
      close()
    },
  )
  return (
    <Modal opened={opened} onClose={close} title={title} closeButtonProps={{ 'aria-label': words.ui.close }}>
      <form onSubmit={form.submit} noValidate>
        <Stack>
          {body && <Text size="sm">{body}</Text>}
          <FormErrors form={form} />
          <PasswordField form={form} value={password} onChange={setPassword} />
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              {words.ui.cancel}
            </Button>
            <Button type="submit" loading={form.busy}>
              {action}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
