import { useState } from 'react'
import { useForm } from '../../ui/form.tsx'
import { FormDialog } from '../../ui/form-dialog.tsx'
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
    <FormDialog opened={opened} onClose={close} title={title} lead={body} form={form} submit={action}>
      <PasswordField form={form} value={password} onChange={setPassword} />
    </FormDialog>
  )
}
