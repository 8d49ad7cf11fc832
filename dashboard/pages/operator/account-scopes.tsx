import { Button, Group, NativeSelect, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { api, queryClient, read } from '../../api.ts'
import { useMay } from '../../session.ts'
import { Confirm } from '../../ui/confirm.tsx'
import { FormErrors, useForm } from '../../ui/form.tsx'
import { Section } from '../../ui/page.tsx'
import * as words from '../../words/index.ts'
import { accountQuery } from './account-page.tsx'

const text = words.operator.account

/** Scopes that are given to single accounts: those of this one, and those that it could have. */
export function AccountScopes({ accountId, granted }: { accountId: string; granted: readonly string[] }) {
  const mayWrite = useMay('accounts:write')
  const [taking, setTaking] = useState<string>()
  const refresh = () => queryClient.invalidateQueries(accountQuery(accountId))
  const take = async () => {
    const path = { accountId, scope: taking ?? '' }
    await api.DELETE('/account/accounts/{accountId}/scopes/{scope}', { params: { path, header: {} } })
    await refresh()
  }
  return (
    <Section title={text.scopes} lead={text.scopesLead}>
      <Stack align="flex-start">
        {granted.length === 0 && <Text size="sm">{text.noScopes}</Text>}
        {granted.map((scope) => (
          <Group key={scope} gap="sm">
            <span className="id">{scope}</span>
            {mayWrite && (
              <Button variant="default" size="compact-sm" onClick={() => setTaking(scope)}>
                {text.take(scope)}
              </Button>
            )}
          </Group>
        ))}
        {mayWrite && <GrantScope accountId={accountId} granted={granted} onGranted={refresh} />}
      </Stack>
      <Confirm
        opened={taking !== undefined}
        onClose={() => setTaking(undefined)}
        title={text.takeTitle(taking ?? '')}
        action={text.take(taking ?? '')}
        onConfirm={take}
      >
        {text.takeBody}
      </Confirm>
    </Section>
  )
}

function GrantScope({
  accountId,
  granted,
  onGranted,
}: {
  accountId: string
  granted: readonly string[]
  onGranted: () => Promise<void>
}) {
  const [scope, setScope] = useState('')
  const query = useQuery({
    queryKey: ['all-scopes'],
    queryFn: () => read(api.GET('/account/scopes', { params: { query: {} } })),
  })
  const offered = (query.data?.items ?? [])
    .filter(({ access, name }) => access === 'granted' && !granted.includes(name))
    .map(({ name }) => name)
  const chosen = offered.includes(scope) ? scope : (offered[0] ?? '')
  const form = useForm(
    () => ({}),
    async () => {
      const path = { accountId, scope: chosen }
      await api.PUT('/account/accounts/{accountId}/scopes/{scope}', { params: { path, header: {} } })
      await onGranted()
    },
  )
  if (query.isSuccess && offered.length === 0)
    return (
      <Text size="sm" c="dimmed">
        {text.nothingToGrant}
      </Text>
    )
  return (
    <form onSubmit={form.submit}>
      <FormErrors form={form} />
      <Group align="flex-end" gap="sm">
        <NativeSelect
          label={text.grantLabel}
          value={chosen}
          onChange={(event) => setScope(event.currentTarget.value)}
          data={offered}
        />
        <Button type="submit" variant="default" loading={form.busy}>
          {text.grantSubmit}
        </Button>
      </Group>
    </form>
  )
}
