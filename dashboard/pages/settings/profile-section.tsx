import { Badge, Button, Group, Stack, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useState } from 'react'
import { api, queryClient } from '../../api.ts'
import { sessionQuery, useSession } from '../../session.ts'
import { SendConfirmation } from '../../shell/send-confirmation.tsx'
import { FormErrors, useForm } from '../../ui/form.tsx'
import { Section } from '../../ui/page.tsx'
import { useUnsaved } from '../../ui/unsaved.ts'
import * as words from '../../words/index.ts'
import { NameField } from '../people/fields.tsx'

const text = words.people.settings

/** The own name, and whether the address is confirmed. */
export function ProfileSection() {
  const { person, mail } = useSession()
  const [name, setName] = useState(person.name)
  useUnsaved(name !== person.name)
  const form = useForm(
    () => ({ name: name.trim() === '' ? words.people.missing.name : undefined }),
    async () => {
      await api.PATCH('/account/person', { body: { name: name.trim() } })
      await queryClient.invalidateQueries(sessionQuery)
      notifications.show({ message: text.saved })
    },
  )
  return (
    <Section title={text.profile}>
      <form onSubmit={form.submit} noValidate>
        <Stack maw={420}>
          <FormErrors form={form} />
          <NameField form={form} value={name} onChange={setName} />
          <Group gap="sm">
            <Text size="sm">{text.emailIs(person.email)}</Text>
            <Badge>{person.emailConfirmed ? text.confirmed : text.notConfirmed}</Badge>
            {!person.emailConfirmed && <SendConfirmation />}
          </Group>
          {mail === 'files' && !person.emailConfirmed && (
            <Text size="sm" c="dimmed">
              {words.people.mailInFiles}
            </Text>
          )}
          <div>
            <Button type="submit" variant="default" loading={form.busy}>
              {text.saveName}
            </Button>
          </div>
        </Stack>
      </form>
    </Section>
  )
}
