import { Stack } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { pathsOf } from '../../paths.ts'
import { useMay } from '../../session.ts'
import { type Fact, Facts } from '../../ui/facts.tsx'
import { Link } from '../../ui/link.tsx'
import { Section } from '../../ui/page.tsx'
import { Time } from '../../ui/time.tsx'
import * as words from '../../words/index.ts'
import { EndSection } from './client-actions.tsx'
import { type Client, hostUseQuery, scopeUseQuery } from './queries.ts'
import { ReuseHealth } from './reuse-health.tsx'
import { TryIt } from './try-it.tsx'

const text = words.clients.page

export function OverviewTab({
  client,
  preferredScope,
}: {
  client: Client
  preferredScope: string | undefined
}) {
  const mayTry = useMay('clients:try')
  const mayRead = useMay('activity:read')
  const isAlive = client.state === 'active'
  return (
    <Stack gap="xl">
      {isAlive && client.environment === 'test' && mayTry && client.scopes.length > 0 && (
        <Section title={words.tryIt.title}>
          <TryIt
            environment={client.environment}
            clientId={client.id}
            scopes={client.scopes}
            preferredScope={preferredScope}
          />
        </Section>
      )}
      {mayRead && (
        <Section title={text.reuse} lead={text.reuseLead}>
          <ReuseHealth environment={client.environment} clientId={client.id} />
        </Section>
      )}
      <Section title={text.facts}>
        <Facts facts={[...factsOf(client), ...useFacts(client, mayRead)]} />
      </Section>
      {client.state !== 'deleted' && <EndSection client={client} />}
    </Stack>
  )
}

function factsOf(client: Client): Fact[] {
  const to = pathsOf('test')
  return [
    { name: text.type, value: words.clients.list.oauth },
    {
      name: text.scopes,
      value: client.scopes.length === 0 ? words.clients.list.noScopes : <Scopes scopes={client.scopes} />,
    },
    { name: text.lifetime, value: text.seconds(client.tokenLifetimeSeconds) },
    {
      name: text.networks,
      value: client.allowedNetworks.length === 0 ? text.everywhere : client.allowedNetworks.join(', '),
    },
    { name: text.methods, value: client.authenticationMethods.join(', ') },
    { name: text.quota, value: client.tokenQuotaPerHour ?? text.asAll },
    { name: text.created, value: <Time iso={client.createdAt} how="exact" /> },
    { name: text.updated, value: <Time iso={client.updatedAt} /> },
    {
      name: text.lastUsed,
      value: client.lastUsedAt === null ? words.ui.never : <Time iso={client.lastUsedAt} />,
    },
    ...(client.copiedFrom === null
      ? []
      : [
          {
            name: text.copiedFrom,
            value: <Link href={to.client(client.copiedFrom)}>{client.copiedFrom}</Link>,
          },
        ]),
  ]
}

function Scopes({ scopes }: { scopes: readonly string[] }) {
  return scopes.toSorted().map((scope) => (
    <span key={scope} className="id scope-name">
      {scope}
    </span>
  ))
}

/** What its activity says of its settings. */
function useFacts(client: Client, mayRead: boolean): Fact[] {
  const { environment, id } = client
  const use = useQuery({ ...scopeUseQuery(environment, id), enabled: mayRead && client.scopes.length > 0 })
  const hosts = useQuery({ ...hostUseQuery(environment), enabled: mayRead })
  const deprecated = hosts.data?.items.filter(({ clientId }) => clientId === id) ?? []
  const sunset = hosts.data?.sunset
  return [
    ...(use.data ? [{ name: text.use, value: <UseOfScopes {...use.data} /> }] : []),
    ...deprecated.map(({ host, count }) => ({
      name: words.clients.page.warning,
      value: (
        <>
          {text.deprecatedHost(host, count)}{' '}
          {sunset && (
            <>
              {text.sunset} <Time iso={sunset} how="exact" />
            </>
          )}
        </>
      ),
    })),
  ]
}

function UseOfScopes({ judgedFrom, sentence }: { judgedFrom: string | null; sentence: string }) {
  if (judgedFrom === null) return sentence
  return (
    <>
      {text.useFrom} <Time iso={judgedFrom} how="exact" />
    </>
  )
}
