// The state of the deployment, for those who run it: what runs where, on which database, with which settings.
import { readFileSync, statSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { Type } from 'typebox'
import type { Config } from '../config.ts'
import { liveMs } from '../database/nodes.ts'
import type { OpenDatabase } from '../database/open.ts'
import type { HttpServer } from '../http/server.ts'
import { isoTime, type Now } from '../vocabulary/clock.ts'

export interface SystemOptions {
  config: Config
  database: OpenDatabase
  now: Now
  /** What must work for this node to take requests, each by its name. */
  checks: Record<string, () => Promise<boolean>>
  /** How limits are counted. */
  sharing: () => 'alone' | 'shared' | 'away'
}

const started = Date.now()

const { version }: { version: string } = JSON.parse(
  readFileSync(join(import.meta.dirname, '../package.json'), 'utf8'),
)

const time = Type.String({ format: 'date-time' })

const systemAnswer = Type.Object({
  version: Type.String(),
  runtime: Type.String({ description: 'The version of Node.' }),
  host: Type.String({ description: 'The host name of the node that answers.' }),
  startedAt: time,
  memoryBytes: Type.Integer({ description: 'What the process of the node that answers takes.' }),
  nodes: Type.Array(Type.Object({ id: Type.String(), startedAt: time, seenAt: time, live: Type.Boolean() }), {
    description: 'The servers that said in the last two days that they run.',
  }),
  database: Type.Object({
    kind: Type.Enum(['sqlite', 'postgres']),
    version: Type.String(),
    sizeBytes: Type.Union([Type.Integer(), Type.Null()], {
      description: 'SQLite: of main.db, without the activity.',
    }),
    latestMigration: Type.String(),
  }),
  health: Type.Array(Type.Object({ name: Type.String(), works: Type.Boolean() })),
  limits: Type.Enum(['alone', 'shared', 'away'], {
    description: 'How nodes count limits: each alone, together through Redis, or Redis does not answer.',
  }),
  mail: Type.Enum(['smtp', 'files']),
  settings: Type.Object({
    publicUrl: Type.String(),
    production: Type.Boolean(),
    activityDays: Type.Integer(),
    addressDays: Type.Integer(),
    tokenQuotaPerMinute: Type.Integer(),
    tokenQuotaMode: Type.Enum(['observe', 'refuse']),
    staleSeconds: Type.Integer(),
    deprecatedHosts: Type.Array(Type.String()),
    signer: Type.Enum(['local', 'process']),
  }),
})

export function systemRoutes(options: SystemOptions): (server: HttpServer) => void {
  const { config, database, now, checks } = options
  return (server) => {
    server.get(
      '/system',
      {
        config: { permission: 'deployment:read' },
        schema: {
          operationId: 'getSystemState',
          summary: 'The state of the deployment',
          tags: ['Deployment'],
          response: { 200: systemAnswer },
        },
      },
      async () => {
        const [nodes, health, facts] = await Promise.all([
          database.db.selectFrom('node').selectAll().orderBy('started_at').execute(),
          Promise.all(Object.entries(checks).map(async ([name, check]) => ({ name, works: await check() }))),
          describeDatabase(database, config),
        ])
        const nowMs = now()
        return {
          ...{ version, runtime: process.version, host: hostname(), startedAt: isoTime(started) },
          memoryBytes: process.memoryUsage.rss(),
          nodes: nodes.map((node) => ({
            ...{ id: node.id, startedAt: isoTime(node.started_at), seenAt: isoTime(node.seen_at) },
            live: nowMs - node.seen_at < liveMs,
          })),
          ...{ database: facts, health, limits: options.sharing() },
          mail: config.mail.smtpUrl === undefined ? ('files' as const) : ('smtp' as const),
          settings: {
            ...{ publicUrl: config.publicUrl, production: config.production },
            ...{ activityDays: config.activityDays, addressDays: config.addressDays },
            tokenQuotaPerMinute: config.tokenQuota.perMinute,
            tokenQuotaMode: config.tokenQuota.mode,
            staleSeconds: config.staleSeconds,
            deprecatedHosts: config.deprecated?.hosts ?? [],
            signer: config.signerSocket === undefined ? ('local' as const) : ('process' as const),
          },
        }
      },
    )
  }
}

async function describeDatabase({ db, dialect }: OpenDatabase, { dataDir }: Config) {
  const latest = await db
    .selectFrom('migration')
    .select('name')
    // Those of the activity store: on PostgreSQL they stand in the same table.
    .where('name', 'not like', 'log-%')
    .orderBy('name', 'desc')
    .limit(1)
    .executeTakeFirst()
  const latestMigration = latest?.name ?? ''
  if (dialect === 'sqlite') {
    const { rows } = await sql<{ version: string }>`select sqlite_version() as version`.execute(db)
    const size = statSync(join(dataDir, 'main.db'), { throwIfNoEntry: false })?.size ?? null
    return { kind: 'sqlite' as const, version: rows[0]?.version ?? '', sizeBytes: size, latestMigration }
  }
  const { rows } = await sql<{ version: string; size: string }>`
    select current_setting('server_version') as version, pg_database_size(current_database()) as size`.execute(
    db,
  )
  return {
    ...{ kind: 'postgres' as const, version: rows[0]?.version ?? '' },
    ...{ sizeBytes: Number(rows[0]?.size ?? 0), latestMigration },
  }
}
