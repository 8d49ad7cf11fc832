import { Alert, Button, Group, Stack, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useState } from 'react'
import { api, queryClient, read } from '../../api.ts'
import { sessionQuery, useSession } from '../../session.ts'
import { Action } from '../../ui/action.tsx'
import { Section } from '../../ui/page.tsx'
import * as words from '../../words/index.ts'
import { NewFactor } from './new-factor.tsx'
import { PasswordDialog } from './password-dialog.tsx'
import { sessionsQuery } from './queries.ts'
import { RecoveryCodes } from './recovery-codes.tsx'

const text = words.people.settings

type Asking = 'set-up' | 'off' | 'codes'

/** Sets the second factor up, ends it, makes new recovery codes: each asks for the password. */
export function TwoFactorSection() {
  const { person, twoFactorRequired } = useSession()
  const [asking, setAsking] = useState<Asking>()
  const [made, setMade] = useState<{ totpUri: string; recoveryCodes: string[] }>()
  const [codes, setCodes] = useState<string[]>()
  const refresh = () =>
    Promise.all([queryClient.invalidateQueries(sessionQuery), queryClient.invalidateQueries(sessionsQuery)])

  const proceed = async (password: string) => {
    if (asking === 'set-up') setMade(await read(api.POST('/account/two-factor', { body: { password } })))
    if (asking === 'codes') {
      const { recoveryCodes } = await read(
        api.POST('/account/two-factor/recovery-codes', { body: { password } }),
      )
      setCodes(recoveryCodes)
    }
    if (asking === 'off') {
      await api.POST('/account/two-factor/off', { body: { password } })
      await refresh()
    }
  }

  return (
    <Section title={text.factor} lead={text.factorLead} id="two-factor">
      <Stack maw={560} align="flex-start">
        {twoFactorRequired && (
          <Alert color="yellow" variant="outline" p="sm">
            {text.factorRequired}
          </Alert>
        )}
        <Text size="sm">{person.twoFactor ? text.factorOn : text.factorOff}</Text>
        {!person.twoFactor && !made && (
          <Action
            variant="default"
            onClick={() => setAsking('set-up')}
            reason={person.emailConfirmed ? undefined : words.people.members.confirmFirst}
          >
            {text.setUp}
          </Action>
        )}
        {made && (
          <NewFactor
            made={made}
            onDone={async () => {
              setMade(undefined)
              await refresh()
              notifications.show({ message: text.factorDone })
            }}
          />
        )}
        {person.twoFactor && (
          <Group gap="sm">
            <Button variant="default" onClick={() => setAsking('codes')}>
              {text.newCodes}
            </Button>
            <Button variant="default" onClick={() => setAsking('off')}>
              {text.turnOff}
            </Button>
          </Group>
        )}
        {codes && (
          <>
            <RecoveryCodes codes={codes} />
            <Button onClick={() => setCodes(undefined)}>{text.stored}</Button>
          </>
        )}
      </Stack>
      <PasswordDialog
        opened={asking !== undefined}
        title={asking === 'off' ? text.turnOffTitle : text.givePassword}
        body={asking === 'off' ? text.turnOffBody : undefined}
        action={asking === 'off' ? text.turnOff : text.continue}
        onClose={() => setAsking(undefined)}
        onPassword={proceed}
      />
    </Section>
  )
}
