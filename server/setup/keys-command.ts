// `keys list` and `keys rotate`: in short transactions, seen by the running servers as another node's change.
import { parseArgs } from 'node:util'
import type { Database } from '../database/tables.ts'
import { createKeyRotation } from '../oauth/key-rotation.ts'
import { listKeys, type StoredKey } from '../oauth/key-store.ts'
import { isPublished, type RotationMode, signingNow } from '../oauth/rotation.ts'
import { algorithmNames } from '../signing/algorithms.ts'
import { openSigners } from '../signing/open-signers.ts'
import { commandActor } from '../vocabulary/actor.ts'
import { createIds } from '../vocabulary/clock.ts'
import { openMasterVault } from './master-vault.ts'
import type { Outcome } from './operator-commands.ts'
import { UsageError } from './usage-error.ts'
import { withDatabase } from './with-database.ts'

const options = {
  now: { type: 'boolean', default: false },
  emergency: { type: 'boolean', default: false },
  algorithm: { type: 'string' },
} as const

export async function keysCommand(args: string[]): Promise<Outcome> {
  const { values, positionals } = parseArgs({ args, options, allowPositionals: true })
  const [action, ...more] = positionals
  if (more.length > 0) throw new UsageError('keys takes one word: list or rotate.')
  if (action === 'list' && args.length === 1) return withDatabase(async ({ db }) => listed(db))
  if (action !== 'rotate') throw new UsageError('keys needs list (without options) or rotate.')
  const algorithm = algorithmNames.find((name) => name === values.algorithm)
  if (values.algorithm !== undefined && !algorithm) throw new UsageError('There is no such algorithm.')
  if (values.now && values.emergency) throw new UsageError('Choose one of --now and --emergency.')
  const mode: RotationMode = values.emergency ? 'emergency' : values.now ? 'now' : 'scheduled'
  return withDatabase(async ({ db, config }) => {
    const vault = await openMasterVault(config, db, false)
    const [signer] = openSigners(config.signerSocket, vault)
    try {
      const actor = commandActor('keys rotate')
      await createKeyRotation(db, signer, Date.now, createIds(Date.now), actor).rotate(mode, algorithm)
    } finally {
      signer.close()
    }
    return listed(db)
  })
}

async function listed(db: Database): Promise<Outcome> {
  const keys = await listKeys(db)
  const at = (ms: number | null) => (ms === null ? null : new Date(ms).toISOString())
  const json = keys.map(({ id, algorithm, signer, createdAt, activeFrom, removedFrom }) => ({
    ...{ id, algorithm, signer, createdAt: at(createdAt) },
    ...{ activeFrom: at(activeFrom), removedFrom: at(removedFrom) },
  }))
  return { text: describeKeys(keys, Date.now()), json }
}

/** A line for each key, the newest first. */
export function describeKeys(keys: readonly StoredKey[], nowMs: number): string {
  const current = signingNow(keys, nowMs)
  const at = (ms: number) => `${new Date(ms).toISOString().slice(0, 19)}Z`
  const state = (key: StoredKey) => {
    if (!isPublished(key, nowMs)) return `ended ${at(key.removedFrom ?? nowMs)}`
    const end = key.removedFrom === null ? '' : `, published until ${at(key.removedFrom)}`
    if (key === current) return `signs since ${at(key.activeFrom)}${end}`
    return key.activeFrom > nowMs ? `signs from ${at(key.activeFrom)} on${end}` : `signs no more${end}`
  }
  const newestFirst = keys.toSorted((one, other) => other.createdAt - one.createdAt)
  return newestFirst.map((key) => `${key.id}  ${key.algorithm}  ${key.signer}  ${state(key)}\n`).join('')
}
