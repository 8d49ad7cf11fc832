import { Button, Stack } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useState } from 'react'
import { ApiProblem, api, read } from '../../api.ts'
import { PublicPage } from '../../shell/public-frame.tsx'
import { FormErrors, useForm } from '../../ui/form.tsx'
import * as words from '../../words/index.ts'
import { DeadLink } from './dead-link.tsx'
import { useEnter } from './enter.ts'
import { NewPasswordField, newPasswordError } from './fields.tsx'
import { useLinkToken } from './link-token.ts'

const text = words.people.confirm

/** Confirms the address: whoever reads the mail chooses the password. */
export function ConfirmPage() {
  const token = useLinkToken()
  const [password, setPassword] = useState('')
  const [isDead, setDead] = useState(false)
  const enter = useEnter()
  const form = useForm(
    () => ({ password: newPasswordError(password) }),
    async () => {
      try {
        const body = { token: token ?? '', password }
        const { state, clientsDisabled } = await read(
          api.POST('/account/email-confirmation/complete', { body }),
        )
        if (clientsDisabled > 0)
          notifications.show({ message: text.clientsDisabled(clientsDisabled), autoClose: false })
        await enter(state)
      } catch (error) {
        if (!(error instanceof ApiProblem) || error.code !== 'gone') throw error
        setDead(true)
      }
    },
  )
  if (token === undefined) return <DeadLink missing />
  if (isDead) return <DeadLink />
  return (
    <PublicPage title={text.title} lead={text.lead}>
      <form onSubmit={form.submit} noValidate>
        <Stack>
          <FormErrors form={form} />
          <NewPasswordField
            form={form}
            value={password}
            onChange={setPassword}
            label={words.people.fields.newPassword}
          />
          <Button type="submit" loading={form.busy}>
            {text.submit}
          </Button>
        </Stack>
      </form>
    </PublicPage>
  )
}
