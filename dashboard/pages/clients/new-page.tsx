import './clients.css'
import { Button, Group, Radio, Stack, Text, TextInput } from '@mantine/core'
import { useRef, useState } from 'react'
import { api, queryClient, read } from '../../api.ts'
import { pathsOf } from '../../paths.ts'
import { useEnvironment, useGo, useSearch } from '../../routing.ts'
import { useMay, useSession } from '../../session.ts'
import { FormErrors, useForm } from '../../ui/form.tsx'
import { LinkButton } from '../../ui/link.tsx'
import { Page, Section } from '../../ui/page.tsx'
import { EmptyState } from '../../ui/states.tsx'
import * as words from '../../words/index.ts'
import { serverErrors } from './edit-form.ts'
import { type Expiry, ExpirySelect, expiryOf } from './expiry-select.tsx'
import { freshSecret } from './fresh-secret.ts'
import { ScopePicker } from './scope-picker.tsx'

const text = words.clients.create

/** New client → OAuth → name → Create. */
export function NewClientPage() {
  const environment = useEnvironment()
  const { account } = useSession()
  const mayWrite = useMay('clients:write')
  const to = pathsOf(environment)
  if (!mayWrite) {
    const body = words.ui.notAllowed(words.clientEdit.mayNot)
    const back = <LinkButton href={to.clients}>{words.clients.list.title}</LinkButton>
    return (
      <Page title={text.title}>
        <EmptyState title={text.title} body={body} action={back} />
      </Page>
    )
  }
  if (environment === 'production' && account.production !== 'approved')
    return (
      <Page title={text.title} lead={text.lead}>
        <EmptyState
          title={text.notApproved}
          body={text.notApprovedBody}
          action={<LinkButton href={to.production}>{words.shell.pages.production}</LinkButton>}
        />
      </Page>
    )
  return <NewClientForm />
}

function NewClientForm() {
  const environment = useEnvironment()
  const go = useGo()
  const [{ advanced }, setSearch] = useSearch()
  const [name, setName] = useState('')
  const [scopes, setScopes] = useState<readonly string[]>([])
  const [expiry, setExpiry] = useState<Expiry>('365')
  // Whoever presses again after a lost answer gets the client that was made, not a second one.
  const wish = useRef({ body: '', key: '' })
  const to = pathsOf(environment)
  const form = useForm(
    () => ({ name: name.trim() === '' ? text.nameMissing : undefined }),
    async () => {
      const body = { name: name.trim(), scopes: [...scopes], secret: expiryOf(expiry) }
      const sent = JSON.stringify(body)
      if (wish.current.body !== sent) wish.current = { body: sent, key: crypto.randomUUID() }
      const { client, secret } = await read(
        api.POST('/account/{environment}/api-clients', {
          params: { path: { environment }, header: { 'idempotency-key': wish.current.key } },
          body,
        }),
      )
      if (secret) {
        const { id: clientId, name: clientName } = client
        const { secret: value, expiresAt } = secret
        freshSecret.leave({ environment, clientId, clientName, secret: value, expiresAt, scopes })
      }
      await queryClient.invalidateQueries({ queryKey: ['clients', environment] })
      go(to.client(client.id), { replace: true })
    },
    serverErrors,
  )
  const isAdvanced = advanced === '1'
  return (
    <Page title={text.title} lead={text.lead}>
      <form onSubmit={form.submit} noValidate>
        <Stack gap="lg">
          <FormErrors form={form} />
          <Radio.Group label={text.type} value="oauth" onChange={() => {}}>
            <Stack gap="sm" mt="xs" maw={560}>
              <Radio value="oauth" label={text.oauth} description={text.oauthAbout} />
              {text.others.map((other) => (
                <div key={other.name}>
                  <Radio
                    value={other.name}
                    label={other.name}
                    disabled
                    aria-describedby={whyId(other.name)}
                  />
                  <Text id={whyId(other.name)} size="sm" c="dimmed" pl={32}>
                    {other.reason}
                  </Text>
                </div>
              ))}
            </Stack>
          </Radio.Group>
          <TextInput
            id="name"
            label={text.name}
            description={text.nameHelp}
            maw={480}
            maxLength={100}
            autoComplete="off"
            value={name}
            error={form.errors.name}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <div>
            <Button
              variant="default"
              aria-expanded={isAdvanced}
              aria-controls="advanced"
              onClick={() => setSearch({ advanced: isAdvanced ? undefined : '1' })}
            >
              {isAdvanced ? words.clientEdit.hideAdvanced : words.clientEdit.showAdvanced}
            </Button>
          </div>
          <div id="advanced">
            {isAdvanced && (
              <Stack gap="xl">
                <ExpirySelect
                  label={text.expiry}
                  description={text.expiryHelp}
                  value={expiry}
                  onChange={setExpiry}
                />
                <Section title={words.scopes.title} lead={words.scopes.lead}>
                  <ScopePicker
                    environment={environment}
                    value={scopes}
                    onChange={setScopes}
                    held={[]}
                    errors={form.errors}
                  />
                </Section>
              </Stack>
            )}
          </div>
          <Group gap="sm" className="save-bar">
            <Button type="submit" loading={form.busy}>
              {text.submit}
            </Button>
            <LinkButton variant="default" href={to.clients}>
              {words.ui.cancel}
            </LinkButton>
          </Group>
        </Stack>
      </form>
    </Page>
  )
}

function whyId(name: string): string {
  return `why-${name.toLowerCase().replaceAll(/[^a-z]+/g, '-')}`
}
