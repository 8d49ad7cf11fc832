import { Button, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { ApiProblem, api, queryClient, read } from '../../api.ts'
import { sessionQuery } from '../../session.ts'
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
  const session = useQuery(sessionQuery)
  if (token === '') return <DeadLink missing />
  if (query.error instanceof ApiProblem && query.error.code === 'gone') return <DeadLink />
  if (query.data && !session.isPending) {
    const { email, hasPerson } = query.data
    const { person } = session.data ?? {}
    // Who is signed in with this address has shown already that it is his.
    const isHere = person?.emailConfirmed === true && person.email === email
    return (
      <JoinForm token={token} invitation={query.data} who={isHere ? 'here' : hasPerson ? 'known' : 'new'} />
    )
  }
  return (
    <PublicPage title={text.invitation.loading}>
      {query.isError ? <ErrorState error={query.error} onRetry={() => query.refetch()} /> : <LoadingState />}
    </PublicPage>
  )
}

const leads = {
  here: text.invitation.signedIn,
  known: text.invitation.havePassword,
  new: text.invitation.newHere,
}

function JoinForm({
  token,
  invitation: { accountName, email, role },
  who,
}: {
  token: string
  invitation: Invitation
  /** Signed in with the address, known by it, or new. */
  who: 'here' | 'known' | 'new'
}) {
  const [name, setName] = useState('')
  const [password, setPassword] = useState('')
  const enter = useEnter()
  const form = useForm(
    () => ({
      name: who === 'new' && name.trim() === '' ? text.missing.name : undefined,
      password: {
        here: undefined,
        known: password === '' ? text.missing.password : undefined,
        new: newPasswordError(password),
      }[who],
    }),
    async () => {
      const body = {
        token,
        ...(who !== 'here' && { password }),
        ...(who === 'new' && { name: name.trim() }),
      }
      try {
        const { state } = await read(api.POST('/account/invitations/accept', { body }))
        await enter(state)
      } catch (error) {
        // The session may have ended meanwhile: then the password is asked for.
        if (who === 'here') await queryClient.resetQueries(sessionQuery)
        throw error
      }
    },
  )
  return (
    <PublicPage
      title={text.invitation.title(accountName)}
      lead={text.invitation.lead(email, text.roles[role])}
    >
      <form onSubmit={form.submit} noValidate>
        <Stack>
          <Text>{leads[who]}</Text>
          <FormErrors form={form} />
          {/* A password manager keeps the password under this address. */}
          {who !== 'here' && <input type="email" autoComplete="username" value={email} readOnly hidden />}
          {who === 'new' && <NameField form={form} value={name} onChange={setName} />}
          {who === 'new' && <NewPasswordField form={form} value={password} onChange={setPassword} />}
          {who === 'known' && <PasswordField form={form} value={password} onChange={setPassword} />}
          <Button type="submit" loading={form.busy}>
            {text.invitation.submit}
          </Button>
        </Stack>
      </form>
    </PublicPage>
  )
}
