import { Button, Stack, Textarea, TextInput } from '@mantine/core'
import { useEffect, useState } from 'react'
import { ApiProblem, api, queryClient, readVersioned, type Versioned } from '../../api.ts'
import { type Environment, pathsOf } from '../../paths.ts'
import { useGo, useSearch } from '../../routing.ts'
import { FormErrors, useForm } from '../../ui/form.tsx'
import { LeaveGuard } from '../../ui/leave-guard.tsx'
import { Page } from '../../ui/page.tsx'
import * as words from '../../words/index.ts'
import { AdvancedSettings } from './advanced-settings.tsx'
import { ConflictNotice, type ForeignChange, foreignChanges } from './conflict.tsx'
import {
  type ClientForm,
  changesOf,
  checkForm,
  formOf,
  type Members,
  rebase,
  scopeChange,
  scopeFieldId,
  serverErrors,
} from './edit-form.ts'
import { type Client, clientChanged, clientQuery } from './queries.ts'
import { SaveBar } from './save-bar.tsx'
import { savedHandover } from './saved-notice.tsx'

const text = words.clientEdit

export interface EditFormProps {
  environment: Environment
  client: Versioned<Client>
  /** What the form shows first: what is there, and what is suggested. */
  opened: ClientForm
  suggested: string | undefined
}

export function EditForm({ environment, client, opened, suggested }: EditFormProps) {
  const clientId = client.data.id
  const go = useGo()
  const [{ advanced }, setSearch] = useSearch()
  const [base, setBase] = useState({ form: formOf(client.data), etag: client.etag })
  const [form, setForm] = useState(opened)
  const [conflict, setConflict] = useState<{ changes: ForeignChange[]; mine: Partial<Members> }>()
  const changes = changesOf(base.form, form)
  const isDirty = Object.keys(changesOf(opened, form)).length > 0
  const to = pathsOf(environment)
  const sending = useForm(
    () => checkForm(form),
    async () => {
      try {
        await save()
      } catch (error) {
        if (error instanceof ApiProblem && error.status === 412) return showConflict(error)
        // What vanished meanwhile is shown as it is now.
        if (Object.keys(serverErrors(error)).length > 0) {
          setSearch({ advanced: '1' })
          await queryClient.invalidateQueries({ queryKey: ['scopes', environment] })
        }
        throw error
      }
    },
    serverErrors,
  )

  async function save(): Promise<void> {
    const { data } = await readVersioned(
      api.PATCH('/account/{environment}/api-clients/{clientId}', {
        params: { path: { environment, clientId }, header: { 'if-match': base.etag } },
        body: changes,
      }),
    )
    const { added } = scopeChange(base.form.scopes, form.scopes)
    savedHandover.leave({
      clientId,
      at: Date.now(),
      scopesChanged: changes.scopes !== undefined,
      added: added[0],
      effectiveOn: data.effectiveOn,
    })
    await clientChanged(environment, clientId)
    go(to.client(clientId), { unguarded: true })
  }

  async function showConflict(problem: ApiProblem): Promise<void> {
    const fresh = await queryClient.fetchQuery({ ...clientQuery(environment, clientId), staleTime: 0 })
    const freshForm = formOf(fresh.data)
    setConflict({ changes: foreignChanges(problem), mine: changes })
    setForm(rebase(base.form, form, freshForm))
    setBase({ form: freshForm, etag: fresh.etag })
  }

  // The one who comes from a refusal finds the scope that it named.
  useEffect(() => {
    const part = window.location.hash.slice(1)
    if (part !== 'scopes' && part !== 'keys') return
    const field = suggested === undefined ? undefined : document.getElementById(scopeFieldId(suggested))
    const target =
      field instanceof HTMLInputElement && !field.disabled ? field : document.getElementById(part)
    target?.scrollIntoView({ block: 'center' })
    target?.focus({ preventScroll: true })
  }, [suggested])

  const set = (change: Partial<ClientForm>) => setForm((before) => ({ ...before, ...change }))
  const isAdvanced = advanced === '1'
  return (
    <Page title={text.title(client.data.name)} lead={text.lead}>
      <LeaveGuard when={isDirty} body={text.unsaved} />
      <form onSubmit={sending.submit} noValidate>
        <Stack gap="lg">
          {conflict && <ConflictNotice key={base.etag} {...conflict} />}
          <FormErrors form={sending} />
          <TextInput
            id="name"
            label={text.members.name}
            description={text.nameHelp}
            maw={480}
            maxLength={100}
            value={form.name}
            error={sending.errors.name}
            onChange={(event) => set({ name: event.currentTarget.value })}
          />
          <Textarea
            id="description"
            label={text.members.description}
            description={text.descriptionHelp}
            maw={480}
            maxLength={1000}
            autosize
            value={form.description}
            error={sending.errors.description}
            onChange={(event) => set({ description: event.currentTarget.value })}
          />
          <div>
            <Button
              variant="default"
              aria-expanded={isAdvanced}
              aria-controls="advanced"
              onClick={() => setSearch({ advanced: isAdvanced ? undefined : '1' })}
            >
              {isAdvanced ? text.hideAdvanced : text.showAdvanced}
            </Button>
          </div>
          <div id="advanced">
            {isAdvanced && (
              <AdvancedSettings
                environment={environment}
                clientId={clientId}
                form={form}
                set={set}
                held={base.form.scopes}
                suggested={suggested}
                errors={sending.errors}
              />
            )}
          </div>
          <SaveBar
            base={base.form}
            form={form}
            changes={changes}
            busy={sending.busy}
            hasConflict={conflict !== undefined}
            cancel={to.client(clientId)}
          />
        </Stack>
      </form>
    </Page>
  )
}
