import { Button, Group, Stack, TextInput } from '@mantine/core'
import { useState } from 'react'
import { api } from '../../api.ts'
import { PublicPage } from '../../shell/public-frame.tsx'
import { FormErrors, useForm } from '../../ui/form.tsx'
import * as words from '../../words/index.ts'

const text = words.people

/** The second step of a sign-in: the code of the app, or a recovery code. */
export function SecondFactorForm({ onDone, onBack }: { onDone: () => Promise<void>; onBack: () => void }) {
  const [byRecovery, setByRecovery] = useState(false)
  const [code, setCode] = useState('')
  const digits = code.replace(/\s/g, '')
  const form = useForm(
    () => ({
      code: (byRecovery ? digits !== '' : /^\d{6}$/.test(digits)) ? undefined : text.missing.code,
    }),
    async () => {
      const body = byRecovery ? { recoveryCode: digits } : { code: digits }
      await api.POST('/account/sign-in/two-factor', { body })
      await onDone()
    },
  )
  return (
    <PublicPage
      title={text.signIn.factorTitle}
      lead={byRecovery ? text.signIn.recoveryLead : text.signIn.factorLead}
    >
      <form onSubmit={form.submit} noValidate>
        <Stack>
          <FormErrors form={form} />
          <TextInput
            id="code"
            label={byRecovery ? text.fields.recoveryCode : text.fields.code}
            autoComplete="one-time-code"
            inputMode={byRecovery ? 'text' : 'numeric'}
            value={code}
            onChange={(event) => setCode(event.currentTarget.value)}
            error={form.errors.code}
          />
          <Button type="submit" loading={form.busy}>
            {text.signIn.confirm}
          </Button>
          <Group>
            <Button
              variant="default"
              onClick={() => {
                setCode('')
                setByRecovery(!byRecovery)
              }}
            >
              {byRecovery ? text.signIn.useApp : text.signIn.useRecovery}
            </Button>
            <Button variant="default" onClick={onBack}>
              {text.signIn.again}
            </Button>
          </Group>
        </Stack>
      </form>
    </PublicPage>
  )
}
