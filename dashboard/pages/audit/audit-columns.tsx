import { Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { paths, pathsOf } from '../../paths.ts'
import type { Column } from '../../ui/data-table.tsx'
import { Link } from '../../ui/link.tsx'
import { Time } from '../../ui/time.tsx'
import * as words from '../../words/index.ts'
import { ChangeLines } from './change-lines.tsx'
import type { AuditEntry } from './filter.ts'

const text = words.audit

export interface AuditContext {
  /** The members of the account, by their ids. */
  names: ReadonlyMap<string, string>
  ofDeployment: boolean
}

export function auditColumns(context: AuditContext): readonly Column<AuditEntry>[] {
  const { columns } = text
  return [
    { key: 'at', title: columns.at, show: ({ at }) => <Time iso={at} /> },
    { key: 'who', title: columns.who, show: (entry) => <Who entry={entry} {...context} /> },
    { key: 'what', title: columns.what, show: (entry) => <What entry={entry} {...context} /> },
    {
      key: 'changes',
      title: columns.changes,
      show: (entry) => <ChangeLines before={entry.before} after={entry.after} />,
    },
    { key: 'where', title: columns.where, show: (entry) => <Where entry={entry} {...context} /> },
  ]
}

function Who({ entry: { actor, environment }, names, ofDeployment }: { entry: AuditEntry } & AuditContext) {
  const { kind, id } = actor
  if (kind === 'member') return <Named name={names.get(id)} id={id} />
  if (kind === 'client' && !ofDeployment && environment !== null)
    return (
      <Id>
        <Link href={pathsOf(environment).client(id)}>{id}</Link>
      </Id>
    )
  const known: Readonly<Record<string, string>> = text.actorKinds
  return (
    <Small>
      {text.doneBy(known[kind] ?? kind)} <Id>{id}</Id>
    </Small>
  )
}

function What({ entry, names, ofDeployment }: { entry: AuditEntry } & AuditContext) {
  const { action, object, environment } = entry
  const known: Readonly<Record<string, string>> = text.actions
  const href =
    object.kind === 'client' && environment !== null && !ofDeployment
      ? pathsOf(environment).client(object.id)
      : undefined
  return (
    <>
      <Small>{known[action] ?? action}</Small>
      {object.kind === 'member' ? (
        <Named name={names.get(object.id)} id={object.id} />
      ) : (
        <Id>{href === undefined ? object.id : <Link href={href}>{object.id}</Link>}</Id>
      )}
    </>
  )
}

/** From where, and in which environment or account. */
function Where({ entry, ofDeployment }: { entry: AuditEntry } & AuditContext) {
  const { environment, address, accountId } = entry
  return (
    <>
      <Small>{environment === null ? text.bothEnvironments : words.shell[environment]}</Small>
      {ofDeployment && accountId && (
        <Id>
          <Link href={paths.operator.account(accountId)}>{accountId}</Link>
        </Id>
      )}
      {address !== null && <Id>{address}</Id>}
    </>
  )
}

/** By the name, where it is known; it is what a person wrote, whatever it holds. */
function Named({ name, id }: { name: string | undefined; id: string }) {
  return name === undefined ? <Id>{id}</Id> : <Small>{name}</Small>
}

function Small({ children }: { children: ReactNode }) {
  return (
    <Text size="sm" style={{ overflowWrap: 'break-word' }} maw="24rem">
      {children}
    </Text>
  )
}

function Id({ children }: { children: ReactNode }) {
  return (
    <Text
      component="span"
      className="id"
      display="block"
      miw="8rem"
      style={{ whiteSpace: 'normal', overflowWrap: 'anywhere' }}
    >
      {children}
    </Text>
  )
}
