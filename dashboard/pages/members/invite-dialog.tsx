import { Radio, Stack, TextInput } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useState } from 'react'
import { api } from '../../api.ts'
import { useForm } from '../../ui/form.tsx'
import { FormDialog } from '../../ui/form-dialog.tsx'
import { useUnsaved } from '../../ui/unsaved.ts'
import * as words from '../../words/index.ts'
import { emailError } from '../people/fields.tsx'
import { isRole, type Role, refresh, roles } from './queries.ts'

const text = words.people

export function InviteDialog({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const [email, setEmail] = useState('')
  const [role, setRole] = useState<Role>('developer')
  useUnsaved(email !== '')
  const form = useForm(
    () => ({ email: emailError(email) }),
    async () => {
      await api.POST('/account/invitations', { body: { email: email.trim(), role } })
      notifications.show({ message: text.members.invited(email.trim()) })
      setEmail('')
      onClose()
      await refresh()
    },
  )
  return (
    <FormDialog
      opened={opened}
      onClose={onClose}
      title={text.members.inviteTitle}
      lead={text.members.inviteBody}
      form={form}
      submit={text.members.send}
    >
      <TextInput
        id="email"
        type="email"
        label={text.fields.email}
        autoComplete="off"
        value={email}
        onChange={(event) => setEmail(event.currentTarget.value)}
        error={form.errors.email}
        data-autofocus
      />
      <Radio.Group
        label={text.members.role}
        value={role}
        onChange={(value) => isRole(value) && setRole(value)}
      >
        <Stack gap="xs" mt={4}>
          {roles.map((candidate) => (
            <Radio
              key={candidate}
              value={candidate}
              label={text.roles[candidate]}
              description={text.roleTexts[candidate]}
            />
          ))}
        </Stack>
      </Radio.Group>
    </FormDialog>
  )
}
