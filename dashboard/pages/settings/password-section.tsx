import { Button, Stack } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useState } from 'react'
import { api, queryClient } from '../../api.ts'
import { FormErrors, useForm } from '../../ui/form.tsx'
import { Section } from '../../ui/page.tsx'
import { useUnsaved } from '../../ui/unsaved.ts'
import * as words from '../../words/index.ts'
import { NewPasswordField, newPasswordError, PasswordField } from '../people/fields.tsx'
import { sessionsQuery } from './queries.ts'

const text = words.people.settings

export function PasswordSection() {
  const [currentPassword, setCurrent] = useState('')
  const [newPassword, setNew] = useState('')
  useUnsaved(currentPassword !== '' || newPassword !== '')
  const form = useForm(
    () => ({
      currentPassword: currentPassword === '' ? words.people.missing.password : undefined,
      newPassword: newPasswordError(newPassword),
    }),
    async () => {
      await api.POST('/account/password', { body: { currentPassword, newPassword } })
      setCurrent('')
      setNew('')
      notifications.show({ message: text.passwordChanged })
      await queryClient.invalidateQueries(sessionsQuery)
    },
  )
  const { fields } = words.people
  return (
    <Section title={text.password} lead={text.passwordLead}>
      <form onSubmit={form.submit} noValidate>
        <Stack maw={420}>
          <FormErrors form={form} />
          <PasswordField
            form={form}
            id="currentPassword"
            label={fields.currentPassword}
            value={currentPassword}
            onChange={setCurrent}
          />
          <NewPasswordField
            form={form}
            id="newPassword"
            label={fields.newPassword}
            value={newPassword}
            onChange={setNew}
          />
          <div>
            <Button type="submit" variant="default" loading={form.busy}>
              {text.changePassword}
            </Button>
          </div>
        </Stack>
      </form>
    </Section>
  )
}
