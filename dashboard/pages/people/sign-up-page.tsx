import { Button, Stack, Text, TextInput } from '@mantine/core'
import { useState } from 'react'
import { api } from '../../api.ts'
import { paths, pathsOf } from '../../paths.ts'
import { useGo } from '../../routing.ts'
import { startOver } from '../../session.ts'
import { PublicPage } from '../../shell/public-frame.tsx'
import { FormErrors, useForm } from '../../ui/form.tsx'
import { Link } from '../../ui/link.tsx'
import * as words from '../../words/index.ts'
import { EmailField, emailError, NewPasswordField, newPasswordError } from './fields.tsx'

const text = words.people

/** Three fields, and the dashboard is open. */
export function SignUpPage() {
  const [email, setEmail] = useState('')
  const [password, setPassword] = useState('')
  const [company, setCompany] = useState('')
  const go = useGo()
  const form = useForm(
    () => ({
      email: emailError(email),
      password: newPasswordError(password),
      company: company.trim() === '' ? text.missing.company : undefined,
    }),
    async () => {
      await api.POST('/account/sign-up', { body: { email: email.trim(), password, company: company.trim() } })
      await startOver()
      go(pathsOf('test').home, { replace: true })
    },
  )
  return (
    <PublicPage title={text.signUp.title} lead={text.signUp.lead}>
      <form onSubmit={form.submit} noValidate>
        <Stack>
          <FormErrors form={form} />
          <EmailField form={form} value={email} onChange={setEmail} />
          <NewPasswordField form={form} value={password} onChange={setPassword} />
          <TextInput
            id="company"
            label={text.fields.company}
            autoComplete="organization"
            value={company}
            onChange={(event) => setCompany(event.currentTarget.value)}
            error={form.errors.company}
          />
          <Button type="submit" loading={form.busy}>
            {text.signUp.submit}
          </Button>
          <Text size="sm">
            {text.signUp.haveOne} <Link href={paths.signIn}>{text.signUp.signIn}</Link>
          </Text>
        </Stack>
      </form>
    </PublicPage>
  )
}
