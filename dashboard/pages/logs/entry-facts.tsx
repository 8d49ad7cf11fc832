// What is known of a request and its answer. Secrets and tokens are never kept: which secret it was says its id.
import { type Environment, pathsOf } from '../../paths.ts'
import { IdText } from '../../ui/copy.tsx'
import type { Fact } from '../../ui/facts.tsx'
import { Link } from '../../ui/link.tsx'
import { Time } from '../../ui/time.tsx'
import * as words from '../../words/index.ts'
import { Status } from './log-table.tsx'
import type { entryQuery } from './queries.ts'

const text = words.logs.panel

export type Explained = Awaited<ReturnType<NonNullable<ReturnType<typeof entryQuery>['queryFn']>>>

export function requestFacts(entry: Explained, environment: Environment): Fact[] {
  const { none } = words.ui
  const { client } = pathsOf(environment)
  const { clientId, scopes } = entry
  return [
    { name: text.time, value: <Time iso={entry.at} how="exact" /> },
    { name: words.logs.columns.operation, value: <span className="id">{entry.operation}</span> },
    {
      name: text.client,
      value: clientId === null ? none : <Link href={client(clientId)}>{clientId}</Link>,
    },
    {
      name: text.authentication,
      value:
        entry.kind === 'api_call' ? (
          <span className="id">{text.bearer}</span>
        ) : entry.secretId === null ? (
          entry.error === 'invalid_client' ? (
            text.unproven
          ) : (
            text.otherProof
          )
        ) : (
          <>
            <span className="id">{text.masked}</span> <IdText id={entry.secretId} what={text.secret} />
          </>
        ),
    },
    { name: text.scopes, value: scopes.length === 0 ? none : <span className="id">{scopes.join(' ')}</span> },
    ...(entry.requiredScope === null
      ? []
      : [{ name: text.required, value: <span className="id">{entry.requiredScope}</span> }]),
    { name: text.host, value: entry.host || none },
    { name: text.address, value: entry.address ?? none },
    { name: text.agent, value: entry.userAgent ?? none },
  ]
}

export function answerFacts(entry: Explained): Fact[] {
  return [
    { name: words.logs.columns.status, value: <Status entry={entry} /> },
    { name: text.requestId, value: <IdText id={entry.requestId} what={text.requestId} /> },
    { name: text.took, value: words.logs.milliseconds(entry.durationMs) },
    { name: text.node, value: entry.node },
  ]
}
