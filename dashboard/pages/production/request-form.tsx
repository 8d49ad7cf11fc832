import { Stack, Textarea, TextInput } from '@mantine/core'
import { useState } from 'react'
import { api, queryClient, read } from '../../api.ts'
import { Action } from '../../ui/action.tsx'
import { announce } from '../../ui/announce.tsx'
import { FormErrors, useForm } from '../../ui/form.tsx'
import * as words from '../../words/index.ts'

const text = words.production

/** Asks the operator. @param denied why this member may not. */
export function RequestForm({ denied }: { denied: string | undefined }) {
  const [company, setCompany] = useState('')
  const [purpose, setPurpose] = useState('')
  const form = useForm(
    () => ({
      company: company.trim() === '' ? text.companyMissing : undefined,
      purpose: purpose.trim() === '' ? text.purposeMissing : undefined,
    }),
    async () => {
      const body = { company: company.trim(), purpose: purpose.trim() }
      await read(api.POST('/account/production-request', { body }))
      announce(text.states.open)
      await queryClient.invalidateQueries({ queryKey: ['production'] })
    },
  )
  return (
    <form onSubmit={form.submit} noValidate>
      <Stack maw={560}>
        <FormErrors form={form} />
        <TextInput
          id="company"
          label={text.company}
          description={text.companyHelp}
          autoComplete="organization"
          maxLength={200}
          value={company}
          error={form.errors.company}
          onChange={(event) => setCompany(event.currentTarget.value)}
        />
        <Textarea
          id="purpose"
          label={text.purpose}
          description={text.purposeHelp}
          autosize
          minRows={3}
          maxLength={2000}
          value={purpose}
          error={form.errors.purpose}
          onChange={(event) => setPurpose(event.currentTarget.value)}
        />
        <div>
          <Action type="submit" reason={denied} loading={form.busy} onClick={() => {}}>
            {text.submit}
          </Action>
        </div>
      </Stack>
    </form>
  )
}
