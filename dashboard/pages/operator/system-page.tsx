import { Badge, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { api, read } from '../../api.ts'
import { DataTable } from '../../ui/data-table.tsx'
import { Facts } from '../../ui/facts.tsx'
import { Section } from '../../ui/page.tsx'
import { QueryState } from '../../ui/query-state.tsx'
import { Time } from '../../ui/time.tsx'
import * as words from '../../words/index.ts'
import { OperatorPage, useOperates } from './operator-page.tsx'

const text = words.operator.system

const systemQuery = {
  queryKey: ['system'],
  refetchInterval: 10_000,
  queryFn: () => read(api.GET('/account/system')),
}

type System = Awaited<ReturnType<typeof systemQuery.queryFn>>

/** Operator → System. */
export function SystemPage() {
  const query = useQuery({ ...systemQuery, enabled: useOperates() })
  return (
    <OperatorPage title={text.title} lead={text.lead}>
      <QueryState query={query} />
      {query.data && <Shown system={query.data} />}
    </OperatorPage>
  )
}

/** What the server checks, by its own names. */
const parts: Readonly<Record<string, string>> = text.parts

function Shown({ system }: { system: System }) {
  const { database, settings } = system
  const none = words.ui.none
  return (
    <>
      <Section title={text.health}>
        <Facts
          facts={system.health.map(({ name, works }) => ({
            name: parts[name] ?? name,
            value: <Badge>{works ? text.works : text.fails}</Badge>,
          }))}
        />
      </Section>
      <Section title={text.program}>
        <Facts
          facts={[
            { name: text.version, value: system.version },
            { name: text.runtime, value: system.runtime },
            { name: text.host, value: system.host },
            { name: text.started, value: <Time iso={system.startedAt} how="exact" /> },
            { name: text.memory, value: text.bytes(system.memoryBytes) },
          ]}
        />
      </Section>
      <Section title={text.database}>
        <Facts
          facts={[
            { name: text.kind, value: text.kinds[database.kind] },
            { name: text.version, value: database.version },
            {
              name: text.size,
              value: database.sizeBytes === null ? none : text.bytes(database.sizeBytes),
            },
            { name: text.migration, value: <span className="id">{database.latestMigration}</span> },
          ]}
        />
      </Section>
      <Section title={text.nodes}>
        {system.nodes.length === 0 && <Text size="sm">{none}</Text>}
        {system.nodes.length > 0 && (
          <DataTable
            label={text.nodes}
            rows={system.nodes}
            keyOf={({ id }) => id}
            columns={[
              {
                key: 'id',
                title: text.nodeColumns.id,
                show: ({ id }) => <span className="id">{id}</span>,
              },
              {
                key: 'started',
                title: text.nodeColumns.started,
                show: ({ startedAt }) => <Time iso={startedAt} />,
              },
              { key: 'seen', title: text.nodeColumns.seen, show: ({ seenAt }) => <Time iso={seenAt} /> },
              {
                key: 'state',
                title: text.nodeColumns.state,
                show: ({ live }) => <Badge>{live ? text.live : text.away}</Badge>,
              },
            ]}
          />
        )}
      </Section>
      <Section title={text.settings}>
        <Facts
          facts={[
            { name: text.names.publicUrl, value: settings.publicUrl },
            { name: text.names.production, value: settings.production ? words.ui.yes : words.ui.no },
            { name: text.names.activityDays, value: settings.activityDays },
            { name: text.names.addressDays, value: settings.addressDays },
            { name: text.names.tokenQuotaPerMinute, value: settings.tokenQuotaPerMinute },
            { name: text.names.tokenQuotaMode, value: text.quotaModes[settings.tokenQuotaMode] },
            { name: text.names.staleSeconds, value: settings.staleSeconds },
            { name: text.names.deprecatedHosts, value: settings.deprecatedHosts.join(', ') || none },
            { name: text.names.signer, value: text.signers[settings.signer] },
            { name: text.names.limits, value: text.limits[system.limits] },
            { name: text.names.mail, value: text.mails[system.mail] },
          ]}
        />
      </Section>
    </>
  )
}
