import { Checkbox, Stack, Textarea, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import { api, queryClient, read } from '../../api.ts'
import { pathsOf } from '../../paths.ts'
import { useGo } from '../../routing.ts'
import { useMay, useSession } from '../../session.ts'
import { Action } from '../../ui/action.tsx'
import { useForm } from '../../ui/form.tsx'
import { FormDialog } from '../../ui/form-dialog.tsx'
import { QueryState } from '../../ui/query-state.tsx'
import * as words from '../../words/index.ts'
import { copyHandover } from './copy-report.tsx'
import { serverErrors } from './edit-form.ts'
import { type Expiry, ExpirySelect, expiryOf } from './expiry-select.tsx'
import { freshSecret } from './fresh-secret.ts'
import { scopesQuery, scopeUseQuery } from './queries.ts'

const text = words.production.copy

/** What is taken along of a test client. */
export interface Copyable {
  id: string
  name: string
  scopes: readonly string[]
}

/** Copies a test client to production; says why where that is not open. */
export function CopyAction({ client }: { client: Copyable }) {
  const [opened, setOpened] = useState(false)
  const { account } = useSession()
  const mayWrite = useMay('clients:write')
  const reason = !mayWrite
    ? words.ui.notAllowed(words.clientEdit.mayNot)
    : account.production === 'approved'
      ? undefined
      : words.clients.page.productionClosed
  return (
    <>
      <Action
        variant="default"
        reason={reason}
        onClick={() => setOpened(true)}
        aria-label={text.actionOf(client.name)}
      >
        {text.action}
      </Action>
      {opened && <CopyDialog client={client} onClose={() => setOpened(false)} />}
    </>
  )
}

function CopyDialog({ client, onClose }: { client: Copyable; onClose: () => void }) {
  const go = useGo()
  const [name, setName] = useState(client.name)
  const [left, setLeft] = useState<readonly string[]>([])
  const [networks, setNetworks] = useState('')
  const [expiry, setExpiry] = useState<Expiry>('180')
  const wish = useRef({ body: '', key: '' })
  const catalogue = useQuery(scopesQuery('production'))
  const use = useQuery(scopeUseQuery('test', client.id))
  const obstacleOf = (scope: string) =>
    catalogue.data === undefined
      ? undefined
      : (catalogue.data.find((known) => known.name === scope)?.unavailable?.detail ??
        (catalogue.data.some((known) => known.name === scope) ? undefined : words.scopes.unavailable))
  const form = useForm(
    () => ({ 'copy-name': name.trim() === '' ? words.clientEdit.errors.name : undefined }),
    async () => {
      const scopes = client.scopes.filter((scope) => !left.includes(scope) && obstacleOf(scope) === undefined)
      const allowedNetworks = networks.split(/[\s,]+/).filter((network) => network !== '')
      const body = {
        fromClientId: client.id,
        name: name.trim(),
        scopes,
        allowedNetworks,
        secret: expiryOf(expiry),
      }
      const sent = JSON.stringify(body)
      if (wish.current.body !== sent) wish.current = { body: sent, key: crypto.randomUUID() }
      const made = await read(
        api.POST('/account/{environment}/api-clients/copies', {
          params: {
            path: { environment: 'production' },
            header: { 'idempotency-key': wish.current.key },
          },
          body,
        }),
      )
      const { id: clientId, name: clientName } = made.client
      if (made.secret) {
        const { secret, expiresAt } = made.secret
        freshSecret.leave({ environment: 'production', clientId, clientName, secret, expiresAt, scopes })
      }
      const { differences, checklist } = made
      copyHandover.leave({ clientId, from: client.id, differences, checklist })
      await queryClient.invalidateQueries({ queryKey: ['clients', 'production'] })
      onClose()
      go(pathsOf('production').client(clientId))
    },
    serverErrors,
  )
  return (
    <FormDialog
      onClose={onClose}
      width={560}
      title={text.title(client.name)}
      lead={text.lead}
      form={form}
      submit={text.submit}
      isReady={!catalogue.isPending}
    >
      <TextInput
        id="copy-name"
        label={text.name}
        maxLength={100}
        value={name}
        error={form.errors['copy-name']}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <QueryState query={catalogue} rows={2} />
      {catalogue.data && client.scopes.length > 0 && (
        <Checkbox.Group
          label={text.scopes}
          description={text.scopesHelp}
          value={client.scopes.filter((scope) => !left.includes(scope) && obstacleOf(scope) === undefined)}
          onChange={(kept) => setLeft(client.scopes.filter((scope) => !kept.includes(scope)))}
        >
          <Stack gap="xs" mt="xs">
            {client.scopes.map((scope) => {
              const isUnused = use.data?.unused.includes(scope) === true
              const about = obstacleOf(scope) ?? (isUnused ? text.unused : undefined)
              return (
                <Checkbox
                  key={scope}
                  value={scope}
                  label={<span className="id">{scope}</span>}
                  disabled={obstacleOf(scope) !== undefined}
                  {...(about !== undefined && { description: about })}
                />
              )
            })}
          </Stack>
        </Checkbox.Group>
      )}
      <Textarea
        id="allowedNetworks"
        label={text.networks}
        description={text.networksHelp}
        autosize
        minRows={2}
        spellCheck={false}
        value={networks}
        error={form.errors.allowedNetworks}
        onChange={(event) => setNetworks(event.currentTarget.value)}
      />
      <ExpirySelect label={text.secretExpires} value={expiry} onChange={setExpiry} />
    </FormDialog>
  )
}
