import { connect } from 'node:net'
import type { Config } from '../../config.ts'
import type { Database } from '../../database/tables.ts'
import { listKeys } from '../../oauth/key-store.ts'
import { rotationTimes, signingNow } from '../../oauth/rotation.ts'
import { VaultError } from '../../vault.ts'
import { openMasterVault } from '../master-vault.ts'
import { type Check, daysText, type Finding, failure, ok, warning } from './finding.ts'

export const checkKeys: Check = async ({ database, isMigrated, config }) => {
  if (!database || !isMigrated) return []
  const { db } = database
  const findings = [await checkMasterKey(config, db), await checkSigningKey(db)]
  if (config.signerSocket !== undefined) findings.push(await checkSigner(config.signerSocket))
  return findings
}

async function checkMasterKey(config: Config, db: Database): Promise<Finding> {
  try {
    const vault = await openMasterVault(config, db, false)
    // A row that holds nothing is a gate of the first start.
    const kept = await db
      .selectFrom('wrapped_secret')
      .select(['name', 'wrapped'])
      .where('wrapped', '!=', '')
      .execute()
    for (const { name, wrapped } of kept) vault.unwrap(name, wrapped)
    return ok('master key', 'It opens what the database holds.')
  } catch (error) {
    if (!(error instanceof VaultError)) throw error
    return failure(
      'master key',
      error.message,
      'Without it no server starts: restore it from where you keep it.',
    )
  }
}

async function checkSigningKey(db: Database): Promise<Finding> {
  const keys = await listKeys(db)
  const nowMs = Date.now()
  const key = signingNow(keys, nowMs)
  if (keys.length === 0) return warning('signing key', 'There is none yet.', 'The first start makes it.')
  if (!key)
    return failure(
      'signing key',
      'None signs at this moment: no token can be had.',
      'latchkey keys rotate --emergency makes one that signs at once.',
    )
  const ageMs = nowMs - key.activeFrom
  const text = `${key.id} (${key.algorithm}) has signed for ${daysText(ageMs)}.`
  const isLate = ageMs > rotationTimes.every + rotationTimes.notice
  return isLate
    ? warning(
        'signing key',
        text,
        'Rotation by schedule does not happen: does a server run? latchkey keys rotate does it now.',
      )
    : ok('signing key', text)
}

function checkSigner(path: string): Promise<Finding> {
  const { promise, resolve } = Promise.withResolvers<Finding>()
  const socket = connect(path)
  socket.setTimeout(2000, () => socket.destroy(new Error('it says nothing')))
  socket.once('connect', () => {
    socket.destroy()
    resolve(ok('signing process', `It answers at ${path}.`))
  })
  socket.once('error', () =>
    resolve(
      failure(
        'signing process',
        `Nothing answers at ${path}.`,
        'Start it: latchkey signer --socket … --keys …',
      ),
    ),
  )
  return promise
}
