import './clients.css'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { isGone } from '../../api.ts'
import { pathsOf } from '../../paths.ts'
import { useEnvironment, useParam, useSearch } from '../../routing.ts'
import { useMay } from '../../session.ts'
import { LinkButton } from '../../ui/link.tsx'
import { Page } from '../../ui/page.tsx'
import { EmptyState, ErrorState, LoadingState } from '../../ui/states.tsx'
import * as words from '../../words/index.ts'
import { EditForm } from './edit-client.tsx'
import { formOf } from './edit-form.ts'
import { clientQuery, scopesQuery } from './queries.ts'
import { findObstacle } from './scope-rules.ts'

const text = words.clientEdit

/** Edit a client. `?advanced=1&scope=NAME#scopes` opens it with a scope suggested: the `fixUrl` of refusals. */
export function EditClientPage() {
  const environment = useEnvironment()
  const clientId = useParam('clientId')
  const [{ scope: suggested }] = useSearch()
  const mayWrite = useMay('clients:write')
  const granting = { account: useMay('clients:grant_account'), operator: useMay('clients:grant_operator') }
  // What is typed is on top of what is there now, not of what was there when another page asked.
  const client = useQuery({ ...clientQuery(environment, clientId), staleTime: 0 })
  const scopes = useQuery({ ...scopesQuery(environment), enabled: suggested !== undefined })
  const to = pathsOf(environment)
  const back = <LinkButton href={to.client(clientId)}>{text.toClient}</LinkButton>
  if (client.isLoadingError || isGone(client.error))
    return (
      <Page title={text.edit}>
        <ErrorState error={client.error} onRetry={() => client.refetch()} />
      </Page>
    )
  const isReady = client.isFetchedAfterMount && (suggested === undefined || !scopes.isPending)
  if (!client.data || !isReady)
    return (
      <Page title={text.edit}>
        <LoadingState rows={6} />
      </Page>
    )
  const { data } = client.data
  if (!mayWrite)
    return <Refused title={text.title(data.name)} body={words.ui.notAllowed(text.mayNot)} action={back} />
  if (data.state === 'deleted') return <Refused title={text.deleted} body={text.deletedBody} action={back} />
  const known = scopes.data?.find(({ name }) => name === suggested)
  const isOffered =
    known !== undefined &&
    !data.scopes.includes(known.name) &&
    findObstacle(known, data.scopes, granting) === undefined
  const base = formOf(data)
  return (
    <EditForm
      key={clientId}
      environment={environment}
      client={client.data}
      opened={isOffered ? { ...base, scopes: [...base.scopes, known.name] } : base}
      suggested={suggested}
    />
  )
}

function Refused({ title, body, action }: { title: string; body: string; action: ReactNode }) {
  return (
    <Page title={title}>
      <EmptyState title={title} body={body} action={action} />
    </Page>
  )
}
