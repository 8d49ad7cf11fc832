import { Button, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { ApiProblem, api, read } from '../../api.ts'
import { PublicPage } from '../../shell/public-frame.tsx'
import { FormErrors, useForm } from '../../ui/form.tsx'
import { ErrorState, LoadingState } from '../../ui/states.tsx'
import * as words from '../../words/index.ts'
import { DeadLink } from './dead-link.tsx'
import { useEnter } from './enter.ts'
import { NameField, NewPasswordField, newPasswordError, PasswordField } from './fields.tsx'
import { useLinkToken } from './link-token.ts'

const text = words.people

interface Invitation {
  accountName: string
  email: string
  role: 'owner' | 'developer' | 'viewer'
  hasPerson: boolean
}

/** Somebody who is invited joins: with the password that he has, or with a new one. */
export function InvitationPage() {
  const token = useLinkToken() ?? ''
  const query = useQuery({
    queryKey: ['invitation', token],
    enabled: token !== '',
    retry: false,
    // What is behind a link is nobody's once the page is left.
    gcTime: 0,
    queryFn: () => read(api.POST('/account/invitations/look', { body: { token } })),
  })
  if (token === '') return <DeadLink missing />
  if (query.error instanceof ApiProblem && query.error.code === 'gone') return <DeadLink />
  if (query.data) return <JoinForm token={token} invitation={query.data} />
  return (
    <PublicPage title={text.invitation.loading}>
      {query.isError ? <ErrorState error={query.error} onRetry={() => query.refetch()} /> : <LoadingState />}
    </PublicPage>
  )
}

function JoinForm({ token, invitation }: { token: string; invitation: Invitation }) {
  const { accountName, email, role, hasPerson } = invitation
  const [name, setName] = useState('')
  const [password, setPassword] = useState('')
  const enter = useEnter()
  const form = useForm(
    () => ({
      name: hasPerson || name.trim() !== '' ? undefined : text.missing.name,
      password: hasPerson
        ? password === ''
          ? text.missing.password
          : undefined
        : newPasswordError(password),
    }),
    async () => {
      const body = { token, password, ...(!hasPerson && { name: name.trim() }) }
      const { state } = await read(api.POST('/account/invitations/accept', { body }))
      await enter(state)
    },
  )
  return (
    <PublicPage
      title={text.invitation.title(accountName)}
      lead={text.invitation.lead(email, text.roles[role])}
    >
      <form onSubmit={form.submit} noValidate>
        <Stack>
          <Text>{hasPerson ? text.invitation.havePassword : text.invitation.newHere}</Text>
          <FormErrors form={form} />
          {/* A password manager keeps the password under this address. */}
          <input type="email" autoComplete="username" value={email} readOnly hidden />
          {!hasPerson && <NameField form={form} value={name} onChange={setName} />}
          {hasPerson ? (
            <PasswordField form={form} value={password} onChange={setPassword} />
          ) : (
            <NewPasswordField form={form} value={password} onChange={setPassword} />
          )}
          <Button type="submit" loading={form.busy}>
            {text.invitation.submit}
          </Button>
        </Stack>
      </form>
    </PublicPage>
  )
}
