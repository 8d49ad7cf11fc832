import { Card, SimpleGrid, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { type Environment, pathsOf } from '../../paths.ts'
import { Link } from '../../ui/link.tsx'
import { Section } from '../../ui/page.tsx'
import { QueryState } from '../../ui/query-state.tsx'
import * as words from '../../words/index.ts'
import { language } from '../../words/index.ts'
import { type Reuse, reuseQuery } from '../clients/queries.ts'
import { type Counts, countsQuery, isQuiet } from '../logs/queries.ts'

const text = words.home.usage
const number = new Intl.NumberFormat(language)

/** Numbers of the last day. */
export function Usage({ environment }: { environment: Environment }) {
  const query = useQuery(countsQuery(environment))
  const reuse = useQuery(reuseQuery(environment))
  const { logs } = pathsOf(environment)
  const refused = query.data ? sumOf(query.data, 'refused') : 0
  return (
    <Section
      title={text.title}
      action={
        <Text size="sm">
          <Link href={logs}>{text.seeLogs}</Link>
        </Text>
      }
    >
      <QueryState query={query} rows={2} />
      {query.data && isQuiet(query.data) && <Text>{text.none}</Text>}
      {query.data && !isQuiet(query.data) && (
        <SimpleGrid cols={{ base: 2, md: 4 }} spacing={{ base: 'sm', sm: 'md' }}>
          <Tile name={text.calls} value={number.format(sumOf(query.data, 'granted', 'api_call'))} />
          <Tile name={text.tokens} value={number.format(sumOf(query.data, 'granted', 'token_request'))} />
          <Tile name={text.refused} value={number.format(refused)}>
            {refused > 0 && <Link href={`${logs}?status=4xx&time=24h`}>{text.seeRefused}</Link>}
          </Tile>
          <ReuseTile reuse={reuse.data} href={`${logs}?view=reuse`} />
        </SimpleGrid>
      )}
    </Section>
  )
}

function Tile({ name, value, children }: { name: string; value: string; children?: ReactNode }) {
  return (
    <Card withBorder padding="md">
      <Text size="sm" c="dimmed">
        {name}
      </Text>
      {/* A sentence stands on the line of the numbers. */}
      <Text fz={/\d/.test(value) ? 26 : 16} fw={600} lh="34px">
        {value}
      </Text>
      {children && (
        <Text size="sm" mt="auto" pt={4}>
          {children}
        </Text>
      )}
    </Card>
  )
}

const unhealthy: readonly string[] = ['poor', 'fair']

/** How many of the clients that can be judged reuse their tokens. */
function ReuseTile({ reuse, href }: { reuse: Reuse | undefined; href: string }) {
  const verdicts = (reuse?.items ?? []).map(({ verdict }) => verdict)
  const healthy = verdicts.filter((verdict) => verdict === 'healthy').length
  const judged = healthy + verdicts.filter((verdict) => unhealthy.includes(verdict)).length
  return (
    <Tile name={text.reuse} value={judged === 0 ? text.tooFew : text.healthy(healthy, judged)}>
      <Link href={href}>{text.seeReuse}</Link>
    </Tile>
  )
}

function sumOf(
  { series }: Counts,
  which: 'granted' | 'refused',
  kind?: Counts['series'][number]['kind'],
): number {
  return series
    .filter((one) => kind === undefined || one.kind === kind)
    .reduce((sum, one) => sum + one[which], 0)
}
