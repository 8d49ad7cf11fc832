import { Alert, Button, Group, Stack, Text, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { api, read } from '../../api.ts'
import { paths, pathsOf } from '../../paths.ts'
import { useSession } from '../../session.ts'
import { PublicPage } from '../../shell/public-frame.tsx'
import { Facts } from '../../ui/facts.tsx'
import { FormErrors, useForm } from '../../ui/form.tsx'
import { LinkButton } from '../../ui/link.tsx'
import { ErrorState } from '../../ui/states.tsx'
import { Time } from '../../ui/time.tsx'
import * as words from '../../words/index.ts'

const text = words.device

/** A code stands in no address: a link could be sent to somebody, who would only have to press a button. */
export function DevicePage() {
  const [userCode, setUserCode] = useState('')
  const [asker, setAsker] = useState<Asker>()
  const [outcome, setOutcome] = useState<'approved' | 'refused'>()
  if (outcome) return <Outcome outcome={outcome} />
  if (asker) return <Question userCode={userCode} asker={asker} onDone={setOutcome} />
  return (
    <CodeForm
      onFound={(code, found) => {
        setUserCode(code)
        setAsker(found)
      }}
    />
  )
}

type Asker = Awaited<ReturnType<typeof lookAt>>

function lookAt(userCode: string) {
  return read(api.POST('/account/device-sign-ins/look', { body: { userCode } }))
}

function CodeForm({ onFound }: { onFound: (code: string, asker: Asker) => void }) {
  const { person } = useSession()
  const [code, setCode] = useState('')
  const letters = code.toUpperCase().replace(/[^A-Z]/g, '')
  const form = useForm(
    () => ({ userCode: letters.length === 8 ? undefined : text.missing }),
    async () => {
      const shown = `${letters.slice(0, 4)}-${letters.slice(4)}`
      onFound(shown, await lookAt(shown))
    },
  )
  return (
    <PublicPage title={text.title} lead={text.lead}>
      <form onSubmit={form.submit} noValidate>
        <Stack>
          <FormErrors form={form} />
          <TextInput
            id="userCode"
            label={text.code}
            description={text.codeHint}
            autoComplete="off"
            autoCapitalize="characters"
            spellCheck={false}
            value={code}
            onChange={(event) => setCode(event.currentTarget.value)}
            error={form.errors.userCode}
            styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)', letterSpacing: '0.1em' } }}
          />
          <Button type="submit" loading={form.busy}>
            {text.look}
          </Button>
          <Text size="sm" c="dimmed">
            {text.who(person.name, person.email)}
          </Text>
        </Stack>
      </form>
    </PublicPage>
  )
}

function Question({
  userCode,
  asker: { program, address, userAgent, requestedAt },
  onDone,
}: {
  userCode: string
  asker: Asker
  onDone: (outcome: 'approved' | 'refused') => void
}) {
  const { account } = useSession()
  const decide = useMutation({
    mutationFn: async (outcome: 'approved' | 'refused') => {
      const body = { userCode }
      if (outcome === 'approved') await api.POST('/account/device-sign-ins/approve', { body })
      else await api.POST('/account/device-sign-ins/refuse', { body })
    },
    onSuccess: (_answer, outcome) => onDone(outcome),
  })
  const deciding = decide.isPending ? decide.variables : undefined
  return (
    <PublicPage key="question" title={text.askTitle} lead={text.askLead(account.name)}>
      <Stack>
        {decide.isError && <ErrorState error={decide.error} />}
        <Facts
          facts={[
            { name: text.facts.code, value: <strong>{userCode}</strong> },
            { name: text.facts.program, value: program },
            { name: text.facts.from, value: address ?? text.unknown },
            { name: text.facts.saysItIs, value: userAgent ?? text.unknown },
            { name: text.facts.asked, value: <Time iso={requestedAt} /> },
          ]}
        />
        <Alert color="yellow" variant="outline" title={text.warnTitle}>
          {text.warn}
        </Alert>
        <Group>
          <Button loading={deciding === 'approved'} onClick={() => decide.mutate('approved')}>
            {text.approve}
          </Button>
          <Button variant="default" loading={deciding === 'refused'} onClick={() => decide.mutate('refused')}>
            {text.refuse}
          </Button>
        </Group>
      </Stack>
    </PublicPage>
  )
}

function Outcome({ outcome }: { outcome: 'approved' | 'refused' }) {
  const isApproved = outcome === 'approved'
  return (
    <PublicPage
      key="outcome"
      title={isApproved ? text.approved : text.refused}
      lead={isApproved ? text.approvedLead : text.refusedLead}
    >
      <Group>
        {isApproved ? (
          <LinkButton href={pathsOf('test').settings}>{text.sessions}</LinkButton>
        ) : (
          // Loaded anew: nothing of the code before is left.
          <Button component="a" href={paths.device} variant="default">
            {text.another}
          </Button>
        )}
      </Group>
    </PublicPage>
  )
}
