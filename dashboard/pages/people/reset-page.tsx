import { Alert, Button, Stack } from '@mantine/core'
import { useState } from 'react'
import { ApiProblem, api } from '../../api.ts'
import { paths } from '../../paths.ts'
import { PublicPage } from '../../shell/public-frame.tsx'
import { announce } from '../../ui/announce.tsx'
import { FormErrors, useForm } from '../../ui/form.tsx'
import { LinkButton } from '../../ui/link.tsx'
import * as words from '../../words/index.ts'
import { DeadLink } from './dead-link.tsx'
import { EmailField, emailError, NewPasswordField, newPasswordError } from './fields.tsx'
import { useLinkToken } from './link-token.ts'

const text = words.people.reset

/** Asks for a link; with one, chooses the new password. */
export function ResetPage() {
  const token = useLinkToken()
  return token === undefined ? <AskForLink /> : <ChoosePassword token={token} />
}

function AskForLink() {
  const [email, setEmail] = useState('')
  const [sent, setSent] = useState(false)
  const form = useForm(
    () => ({ email: emailError(email) }),
    async () => {
      await api.POST('/account/password-reset', { body: { email: email.trim() } })
      setSent(true)
      announce(text.sent)
    },
  )
  return (
    <PublicPage title={text.title} lead={text.lead}>
      <form onSubmit={form.submit} noValidate>
        <Stack>
          {sent && (
            <Alert color="latch" variant="outline">
              {text.sent}
            </Alert>
          )}
          <FormErrors form={form} />
          <EmailField form={form} value={email} onChange={setEmail} />
          <Button type="submit" loading={form.busy}>
            {text.submit}
          </Button>
        </Stack>
      </form>
    </PublicPage>
  )
}

function ChoosePassword({ token }: { token: string }) {
  const [password, setPassword] = useState('')
  const [state, setState] = useState<'open' | 'done' | 'dead'>('open')
  const form = useForm(
    () => ({ password: newPasswordError(password) }),
    async () => {
      try {
        await api.POST('/account/password-reset/complete', { body: { token, password } })
        setState('done')
      } catch (error) {
        if (!(error instanceof ApiProblem) || error.code !== 'gone') throw error
        setState('dead')
      }
    },
  )
  if (state === 'dead') return <DeadLink />
  if (state === 'done')
    return (
      <PublicPage title={text.title} lead={text.done}>
        <div>
          <LinkButton href={paths.signIn}>{text.signIn}</LinkButton>
        </div>
      </PublicPage>
    )
  return (
    <PublicPage title={text.title}>
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
            {text.choose}
          </Button>
        </Stack>
      </form>
    </PublicPage>
  )
}
