import { Button, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import { api, read } from '../../api.ts'
import { ownPath, paths } from '../../paths.ts'
import { useGo, useSearch } from '../../routing.ts'
import { startOver } from '../../session.ts'
import { PublicPage } from '../../shell/public-frame.tsx'
import { FormErrors, useForm } from '../../ui/form.tsx'
import { Link } from '../../ui/link.tsx'
import * as words from '../../words/index.ts'
import { EmailField, emailError, PasswordField } from './fields.tsx'
import { SecondFactorForm } from './second-factor-form.tsx'

const text = words.people
/** In the address, so that it outlasts a reload: the server knows whose it is. */
const secondFactor = 'second-factor'

/** Address and password, then the second factor where there is one; then back to where one wanted to go. */
export function SignInPage() {
  const [{ to, step }, changeSearch] = useSearch()
  const [email, setEmail] = useState('')
  const [password, setPassword] = useState('')
  const go = useGo()
  const enter = async () => {
    await startOver()
    go(ownPath(to), { replace: true })
  }
  const form = useForm(
    () => ({
      email: emailError(email),
      password: password === '' ? text.missing.password : undefined,
    }),
    async () => {
      const { state } = await read(api.POST('/account/sign-in', { body: { email: email.trim(), password } }))
      if (state === 'signed_in') return enter()
      setPassword('')
      changeSearch({ step: secondFactor })
    },
  )
  if (step === secondFactor)
    return <SecondFactorForm onDone={enter} onBack={() => changeSearch({ step: undefined })} />
  return (
    <PublicPage title={text.signIn.title}>
      <form onSubmit={form.submit} noValidate>
        <Stack>
          <FormErrors form={form} />
          <EmailField form={form} value={email} onChange={setEmail} />
          <PasswordField form={form} value={password} onChange={setPassword} />
          <Button type="submit" loading={form.busy}>
            {text.signIn.submit}
          </Button>
          <Text size="sm">
            <Link href={paths.resetPassword}>{text.signIn.forgot}</Link>
          </Text>
          <Text size="sm">
            {text.signIn.newHere} <Link href={paths.signUp}>{text.signIn.signUp}</Link>
          </Text>
        </Stack>
      </form>
    </PublicPage>
  )
}
