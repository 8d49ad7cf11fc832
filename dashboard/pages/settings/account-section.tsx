import { Stack, Text, TextInput } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { ApiProblem, api, queryClient, readVersioned } from '../../api.ts'
import { sessionQuery, useMay, useSession } from '../../session.ts'
import { Action } from '../../ui/action.tsx'
import { IdText } from '../../ui/copy.tsx'
import { FormErrors, useForm } from '../../ui/form.tsx'
import { Section } from '../../ui/page.tsx'
import { QueryState } from '../../ui/query-state.tsx'
import { useUnsaved } from '../../ui/unsaved.ts'
import * as words from '../../words/index.ts'

const text = words.people.settings

const accountQuery = {
  queryKey: ['account'],
  queryFn: () => readVersioned(api.GET('/account')),
}

/** The account: its name, which owners change. */
export function AccountSection() {
  const query = useQuery(accountQuery)
  return (
    <Section title={text.account} lead={text.accountLead}>
      <QueryState query={query} rows={2} />
      {query.data && <NameForm current={query.data.data.name} etag={query.data.etag} />}
    </Section>
  )
}

function NameForm({ current, etag }: { current: string; etag: string }) {
  const { account } = useSession()
  const mayWrite = useMay('account:write')
  const [name, setName] = useState(current)
  useUnsaved(name !== current)
  const [other, setOther] = useState<string>()
  const form = useForm(
    () => ({ accountName: name.trim() === '' ? words.people.missing.company : undefined }),
    async () => {
      try {
        await api.PATCH('/account', {
          params: { header: { 'if-match': etag } },
          body: { name: name.trim() },
        })
        setOther(undefined)
        notifications.show({ message: text.saved })
      } catch (error) {
        if (!(error instanceof ApiProblem) || error.code !== 'precondition_failed') throw error
        const fresh = await queryClient.fetchQuery({ ...accountQuery, staleTime: 0 })
        setOther(fresh.data.name)
        return
      }
      await Promise.all([
        queryClient.invalidateQueries(accountQuery),
        queryClient.invalidateQueries(sessionQuery),
      ])
    },
  )
  return (
    <form onSubmit={form.submit} noValidate>
      <Stack maw={420}>
        <FormErrors form={form} />
        {other !== undefined && (
          <Text size="sm" role="alert">
            {text.meanwhile(other)}
          </Text>
        )}
        <TextInput
          id="accountName"
          label={text.accountName}
          value={name}
          readOnly={!mayWrite}
          onChange={(event) => setName(event.currentTarget.value)}
          error={form.errors.accountName}
        />
        <Text size="sm" component="div">
          {text.accountIdIs} <IdText id={account.id} what={text.accountId} />
        </Text>
        <div>
          <Action
            type="submit"
            variant="default"
            loading={form.busy}
            onClick={() => undefined}
            reason={mayWrite ? undefined : words.ui.notAllowed(text.saveAccount)}
          >
            {text.saveAccount}
          </Action>
        </div>
      </Stack>
    </form>
  )
}
