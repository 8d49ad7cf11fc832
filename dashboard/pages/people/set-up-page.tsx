import { Button, Stack } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { ApiProblem, api, read } from '../../api.ts'
import { pathsOf } from '../../paths.ts'
import { PublicPage } from '../../shell/public-frame.tsx'
import { FormErrors, useForm } from '../../ui/form.tsx'
import { ErrorState, LoadingState } from '../../ui/states.tsx'
import * as words from '../../words/index.ts'
import { DeadLink } from './dead-link.tsx'
import { useEnter } from './enter.ts'
import { EmailField, emailError, NameField, NewPasswordField, newPasswordError } from './fields.tsx'
import { useLinkToken } from './link-token.ts'

const text = words.people

/** The first operator, by the link of the operator command. A second factor comes next. */
export function SetUpPage() {
  const token = useLinkToken() ?? ''
  const [email, setEmail] = useState('')
  const [name, setName] = useState('')
  const [password, setPassword] = useState('')
  const enter = useEnter()
  const query = useQuery({
    queryKey: ['set-up', token],
    enabled: token !== '',
    retry: false,
    gcTime: 0,
    queryFn: () => read(api.POST('/account/set-up/look', { body: { token } })),
  })
  const form = useForm(
    () => ({
      email: emailError(email),
      name: name.trim() === '' ? text.missing.name : undefined,
      password: newPasswordError(password),
    }),
    async () => {
      const body = { token, email: email.trim(), name: name.trim(), password }
      const { state } = await read(api.POST('/account/set-up/complete', { body }))
      await enter(state, `${pathsOf('test').settings}#two-factor`)
    },
  )
  if (token === '') return <DeadLink missing />
  if (query.error instanceof ApiProblem && query.error.code === 'gone') return <DeadLink />
  if (!query.data)
    return (
      <PublicPage title={text.setUp.title}>
        {query.isError ? (
          <ErrorState error={query.error} onRetry={() => query.refetch()} />
        ) : (
          <LoadingState />
        )}
      </PublicPage>
    )
  return (
    <PublicPage title={text.setUp.title} lead={text.setUp.lead(query.data.accountName)}>
      <form onSubmit={form.submit} noValidate>
        <Stack>
          <FormErrors form={form} />
          <EmailField form={form} value={email} onChange={setEmail} />
          <NameField form={form} value={name} onChange={setName} />
          <NewPasswordField form={form} value={password} onChange={setPassword} />
          <Button type="submit" loading={form.busy}>
            {text.setUp.submit}
          </Button>
        </Stack>
      </form>
    </PublicPage>
  )
}
