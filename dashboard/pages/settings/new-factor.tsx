import { Button, Stack, Text, TextInput } from '@mantine/core'
import { generate } from 'lean-qr'
import { toSvgDataURL } from 'lean-qr/extras/svg'
import { useMemo, useState } from 'react'
import { api } from '../../api.ts'
import { IdText } from '../../ui/copy.tsx'
import { FormErrors, useForm } from '../../ui/form.tsx'
import * as words from '../../words/index.ts'
import { RecoveryCodes } from './recovery-codes.tsx'

const text = words.people.settings

/** A second factor that was made: the key for the app, the recovery codes, and the first code that makes it count. */
export function NewFactor({
  made: { totpUri, recoveryCodes },
  onDone,
}: {
  made: { totpUri: string; recoveryCodes: readonly string[] }
  onDone: () => Promise<void>
}) {
  const picture = useMemo(
    () => toSvgDataURL(generate(totpUri), { on: '#000', off: '#fff', padX: 3, padY: 3 }),
    [totpUri],
  )
  const key = new URL(totpUri).searchParams.get('secret') ?? ''
  const [code, setCode] = useState('')
  const digits = code.replace(/\s/g, '')
  const form = useForm(
    () => ({ code: /^\d{6}$/.test(digits) ? undefined : words.people.missing.code }),
    async () => {
      await api.POST('/account/two-factor/confirm', { body: { code: digits } })
      await onDone()
    },
  )
  return (
    <Stack align="flex-start">
      <Text size="sm">{text.scan}</Text>
      <img src={picture} alt={text.scanAlt} width={200} height={200} />
      <Text size="sm" component="div">
        {text.keyIs} <IdText id={key} what={text.key} />
      </Text>
      <RecoveryCodes codes={recoveryCodes} />
      <form onSubmit={form.submit} noValidate>
        <Stack maw={320}>
          <Text size="sm">{text.firstCode}</Text>
          <FormErrors form={form} />
          <TextInput
            id="code"
            label={words.people.fields.code}
            inputMode="numeric"
            autoComplete="one-time-code"
            value={code}
            onChange={(event) => setCode(event.currentTarget.value)}
            error={form.errors.code}
          />
          <Button type="submit" loading={form.busy}>
            {text.confirmCode}
          </Button>
        </Stack>
      </form>
    </Stack>
  )
}
