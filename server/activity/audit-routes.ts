// Who changed what: an account sees its own, the operator the whole trail.
import { Readable } from 'node:stream'
import type { AuditRow } from '../audit.ts'
import type { Database } from '../database/tables.ts'
import { accountCallerOf } from '../http/account-routes.ts'
import { cursorOf, listOf, pageRequest } from '../http/list.ts'
import type { HttpServer } from '../http/server.ts'
import type { AccountCaller } from '../vocabulary/account-caller.ts'
import type { Environment } from '../vocabulary/environment.ts'
import { Problem } from '../vocabulary/problem.ts'
import { chainedEntry, chainLine, entryLine, ownEntry } from './audit-line.ts'
import {
  accountAuditQuery,
  auditEntrySchema,
  auditVerificationSchema,
  chainedEntrySchema,
  deploymentAuditQuery,
  exportAnswer,
  periodQuery,
} from './audit-schemas.ts'
import {
  type AuditFilter,
  type AuditPeriod,
  type AuditView,
  findAuditEnd,
  findAuditPosition,
  listAudit,
  pageAudit,
  readChain,
} from './audit-store.ts'
import { type AuditVerification, verifyAudit } from './audit-verification.ts'

const tags = ['Audit']
const ndjson = 'application/x-ndjson'

export function auditRoutes(db: Database): (server: HttpServer) => void {
  return (server) => {
    mountAccountAudit(server, db)
    mountDeploymentAudit(server, db)
  }
}

function mountAccountAudit(server: HttpServer, db: Database): void {
  server.get(
    '/audit',
    {
      config: { permission: 'audit:read' },
      schema: {
        operationId: 'listAuditEntries',
        summary: 'List who changed what in the account, newest first',
        description:
          'A token sees its environment, and what concerns both. A page may hold fewer than limit while there are more: follow nextCursor until it is null.',
        tags,
        querystring: accountAuditQuery,
        response: { 200: listOf(auditEntrySchema) },
      },
    },
    async (request) => {
      const { query } = request
      const of = viewOf(accountCallerOf(request), query.environment)
      const { rows, nextCursor } = await page(db, { ...query, ...periodOf(query), of }, query)
      return { items: rows.map(ownEntry), nextCursor }
    },
  )

  server.get(
    '/audit/export',
    {
      config: { permission: 'audit:read' },
      // A HEAD would read the whole trail and throw it away.
      exposeHeadRoute: false,
      schema: {
        operationId: 'exportAuditEntries',
        summary: 'Export who changed what in the account, as JSON lines, oldest first',
        description: 'A token sees its environment, and what concerns both.',
        tags,
        querystring: periodQuery,
        response: { 200: exportAnswer },
      },
    },
    async (request, reply) => {
      const pages = listAudit(db, viewOf(accountCallerOf(request), undefined), periodOf(request.query))
      reply.headers(exportHeaders('account'))
      return reply.send(lines(pages, entryLine))
    },
  )
}

function mountDeploymentAudit(server: HttpServer, db: Database): void {
  server.get(
    '/deployment/audit',
    {
      config: { permission: 'deployment:read' },
      schema: {
        operationId: 'listDeploymentAuditEntries',
        summary: 'List who changed what in the whole deployment, newest first',
        description:
          'A page may hold fewer than limit while there are more: follow nextCursor until it is null.',
        tags,
        querystring: deploymentAuditQuery,
        response: { 200: listOf(chainedEntrySchema) },
      },
    },
    async ({ query }) => {
      const { rows, nextCursor } = await page(db, { ...query, ...periodOf(query), of: 'deployment' }, query)
      return { items: rows.map(chainedEntry), nextCursor }
    },
  )

  server.get(
    '/deployment/audit/export',
    {
      config: { permission: 'deployment:read' },
      exposeHeadRoute: false,
      schema: {
        operationId: 'exportDeploymentAudit',
        summary: 'Export the whole audit trail as JSON lines, in the order of its chain',
        description: 'Each line holds what its hash is made of: `audit verify --file` checks it anywhere.',
        tags,
        response: { 200: exportAnswer },
      },
    },
    async (_request, reply) => {
      const end = await findAuditEnd(db)
      reply.headers(exportHeaders('deployment'))
      return reply.send(lines(readChain(db, end?.seq ?? 0), chainLine))
    },
  )

  const verify = oneAtATime(() => verifyAudit(db))
  server.get(
    '/deployment/audit/verification',
    {
      config: { permission: 'deployment:read' },
      exposeHeadRoute: false,
      schema: {
        operationId: 'verifyDeploymentAudit',
        summary: 'Verify the chain of the audit trail',
        description:
          'Keep headHash where nobody who can write to the database can; `audit verify --head` looks for it later.',
        tags,
        response: { 200: auditVerificationSchema },
      },
    },
    async () => {
      const { entries, headHash, fault } = await verify()
      return { entries, headHash, brokenAt: fault?.seq ?? null, problem: fault?.text ?? null }
    },
  )
}

/** A token sees its environment and what concerns both, a member everything of the account. */
function viewOf({ accountId, environment }: AccountCaller, wanted: Environment | undefined): AuditView {
  if (wanted !== undefined && environment !== undefined && wanted !== environment) {
    throw new Problem(
      'wrong_environment',
      `This token reads ${environment} only. For ${wanted} use the token of a ${wanted} client.`,
    )
  }
  if (wanted !== undefined) return { accountId, environments: [wanted] }
  return {
    accountId,
    environments: environment === undefined ? ['test', 'production', null] : [environment, null],
  }
}

async function page(
  db: Database,
  filter: AuditFilter,
  query: { cursor?: string; limit: number },
): Promise<{ rows: AuditRow[]; nextCursor: string | null }> {
  const { limit, belowId } = pageRequest(query)
  const below = belowId === undefined ? undefined : await findAuditPosition(db, filter.of, belowId)
  if (belowId !== undefined && below === undefined) {
    throw new Problem(
      'invalid_cursor',
      'The cursor is not one of this list. Send the nextCursor of the page before, unchanged.',
    )
  }
  const { rows, next } = await pageAudit(db, filter, { limit, below })
  return { rows, nextCursor: next === null ? null : cursorOf(next) }
}

function periodOf({ from, to }: { from?: string; to?: string }): AuditPeriod {
  const fromMs = from === undefined ? undefined : Date.parse(from)
  const toMs = to === undefined ? undefined : Date.parse(to)
  // The schema takes a leap second, which Date does not know.
  if (Number.isNaN(fromMs) || Number.isNaN(toMs))
    throw new Problem('invalid_request', 'from and to must be times, e.g. 2026-11-24T12:00:00Z.')
  if (fromMs !== undefined && toMs !== undefined && fromMs >= toMs)
    throw new Problem('invalid_request', 'from must be before to.')
  return { fromMs, toMs }
}

function exportHeaders(name: string): Record<string, string> {
  return {
    'content-type': ndjson,
    'content-disposition': `attachment; filename="latchkey-audit-${name}.jsonl"`,
    'cache-control': 'no-store',
  }
}

/** A page of rows at a time, and the next one when the reader took it. */
function lines(pages: AsyncIterable<AuditRow[]>, line: (row: AuditRow) => string): Readable {
  async function* chunks() {
    for await (const rows of pages) yield rows.map(line).join('')
  }
  return Readable.from(chunks(), { objectMode: false, highWaterMark: 64 * 1024 })
}

/** Who asks while it runs gets the same answer: it costs what it costs once. */
function oneAtATime(work: () => Promise<AuditVerification>): () => Promise<AuditVerification> {
  let running: Promise<AuditVerification> | undefined
  return () => {
    running ??= work().finally(() => {
      running = undefined
    })
    return running
  }
}
