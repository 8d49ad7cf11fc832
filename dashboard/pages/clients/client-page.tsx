import './clients.css'
import { Group, Tabs, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useRouter } from '@tanstack/react-router'
import { lazy, Suspense, useEffect } from 'react'
import { isGone } from '../../api.ts'
import { pathsOf } from '../../paths.ts'
import { useEnvironment, useParam, useSearch } from '../../routing.ts'
import { useMay } from '../../session.ts'
import { IdText } from '../../ui/copy.tsx'
import { LinkButton } from '../../ui/link.tsx'
import { Page } from '../../ui/page.tsx'
import { ErrorState, LoadingState } from '../../ui/states.tsx'
import * as words from '../../words/index.ts'
import { ClientBanners } from './client-banners.tsx'
import { StateBadge } from './client-state.tsx'
import { CopyAction } from './copy-action.tsx'
import { CopyReport, copyHandover } from './copy-report.tsx'
import { freshSecret } from './fresh-secret.ts'
import { KeysTab } from './keys-tab.tsx'
import { OverviewTab } from './overview-tab.tsx'
import { clientQuery } from './queries.ts'
import { SavedNotice, savedHandover } from './saved-notice.tsx'
import { SecretDialog } from './secret-dialog.tsx'
import { SecretsTab } from './secrets-tab.tsx'

const text = words.clients.page
const tabs = ['overview', 'secrets', 'keys', 'logs'] as const
const LogList = lazy(async () => ({ default: (await import('../logs/log-list.tsx')).LogList }))

/** One API client: what it is, its secrets and keys, and what can be done with it. */
export function ClientPage() {
  const environment = useEnvironment()
  const clientId = useParam('clientId')
  const [{ tab }, setSearch] = useSearch()
  const query = useQuery(clientQuery(environment, clientId))
  const mayWrite = useMay('clients:write')
  const fresh = freshSecret.use()
  const saved = savedHandover.use()
  const copied = copyHandover.use()
  const router = useRouter()
  // What was left for this page ends with it.
  useEffect(
    () =>
      router.subscribe('onBeforeNavigate', ({ pathChanged }) => {
        if (!pathChanged) return
        const isOfThis = (left: { clientId: string }) => left.clientId === clientId
        freshSecret.drop(isOfThis)
        savedHandover.drop(isOfThis)
        copyHandover.drop(isOfThis)
      }),
    [router, clientId],
  )
  const to = pathsOf(environment)
  if (query.isLoadingError || isGone(query.error))
    return (
      <Page title={clientId}>
        <ErrorState error={query.error} onRetry={() => query.refetch()} />
      </Page>
    )
  if (query.isPending)
    return (
      <Page title={clientId}>
        <LoadingState rows={6} />
      </Page>
    )
  const client = query.data.data
  const isHere = tabs.find((name) => name === tab) ?? 'overview'
  const savedHere = saved?.clientId === clientId ? saved : undefined
  return (
    <Page
      title={client.name}
      beside={<StateBadge state={client.state} />}
      lead={
        <>
          {client.description !== '' && (
            <Text component="span" display="block" style={{ overflowWrap: 'anywhere' }}>
              {client.description}
            </Text>
          )}
          <Group component="span" gap={6} display="inline-flex">
            {text.clientId} <IdText id={client.id} what={text.clientId} />
          </Group>
        </>
      }
      action={
        mayWrite &&
        client.state !== 'deleted' && (
          <>
            {environment === 'test' && <CopyAction client={client} />}
            <LinkButton href={to.editClient(clientId)}>{text.edit}</LinkButton>
          </>
        )
      }
    >
      {savedHere && <SavedNotice saved={savedHere} onClose={() => savedHandover.drop()} />}
      {copied?.clientId === clientId && <CopyReport copied={copied} onClose={() => copyHandover.drop()} />}
      <ClientBanners client={client} />
      <Tabs
        key={clientId}
        value={isHere}
        onChange={(name) => setSearch({ tab: name === null || name === 'overview' ? undefined : name })}
        keepMounted={false}
      >
        <Tabs.List mb="lg">
          {tabs.map((name) => (
            <Tabs.Tab key={name} value={name}>
              {text.tabs[name]}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value="overview">
          <OverviewTab client={client} preferredScope={savedHere?.added} />
        </Tabs.Panel>
        <Tabs.Panel value="secrets">
          <SecretsTab client={client} />
        </Tabs.Panel>
        <Tabs.Panel value="keys">
          <KeysTab client={client} />
        </Tabs.Panel>
        <Tabs.Panel value="logs">
          <Suspense fallback={<LoadingState />}>
            <LogList clientId={client.id} />
          </Suspense>
        </Tabs.Panel>
      </Tabs>
      <SecretDialog
        fresh={fresh?.clientId === clientId ? fresh : undefined}
        onClose={() => freshSecret.drop()}
      />
    </Page>
  )
}
