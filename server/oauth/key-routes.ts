// The signing keys as those see them who run this Latchkey. A private key is never part of it.
import { Type } from 'typebox'
import type { ChangeWatch } from '../database/changes.ts'
import { effectiveOn } from '../database/nodes.ts'
import type { Database } from '../database/tables.ts'
import { accountCallerOf } from '../http/account-routes.ts'
import type { HttpServer } from '../http/server.ts'
import { algorithmNames } from '../signing/algorithms.ts'
import type { Signer } from '../signing/signer.ts'
import { isoTime, isoTimeOrNull, type NewId, type Now } from '../vocabulary/clock.ts'
import { createKeyRotation } from './key-rotation.ts'
import { listKeys } from './key-store.ts'
import { isPublished, signingNow } from './rotation.ts'

const keyAnswer = Type.Object({
  id: Type.String({ description: 'The kid of its tokens.' }),
  algorithm: Type.Enum([...algorithmNames]),
  state: Type.Enum(['waiting', 'signing', 'published', 'ended'], {
    description: 'waiting: published, signs later. published: signs no more, its tokens are still good.',
  }),
  signer: Type.String({ description: 'Who holds the private key; local: this program.' }),
  createdAt: Type.String({ format: 'date-time' }),
  activeFrom: Type.String({ format: 'date-time', description: 'From when on it signs.' }),
  removedFrom: Type.Union([Type.String({ format: 'date-time' }), Type.Null()], {
    description: 'From when on no token of it is good. Null: not planned.',
  }),
})

const keysAnswer = Type.Object({ items: Type.Array(keyAnswer) })

const rotatedAnswer = Type.Object({ ...keysAnswer.properties, effectiveOn })

export interface KeyRouteOptions {
  db: Database
  now: Now
  newId: NewId
  /** Who makes new keys. */
  signer: Signer
  /** Tells, once a change is committed, on which nodes it is in effect. */
  changes: Pick<ChangeWatch, 'waitForNodes'>
}

export function keyRoutes({
  db,
  now,
  newId,
  signer,
  changes,
}: KeyRouteOptions): (server: HttpServer) => void {
  async function present() {
    const keys = await listKeys(db)
    const nowMs = now()
    const current = signingNow(keys, nowMs)
    const stateOf = (key: (typeof keys)[number]) => {
      if (!isPublished(key, nowMs)) return 'ended' as const
      if (key === current) return 'signing' as const
      return key.activeFrom > nowMs ? ('waiting' as const) : ('published' as const)
    }
    const items = keys
      .toSorted((one, other) => other.createdAt - one.createdAt)
      .map((key) => ({
        ...{ id: key.id, algorithm: key.algorithm, state: stateOf(key), signer: key.signer },
        ...{ createdAt: isoTime(key.createdAt), activeFrom: isoTime(key.activeFrom) },
        removedFrom: isoTimeOrNull(key.removedFrom),
      }))
    return { items }
  }

  return (server) => {
    server.get(
      '/signing-keys',
      {
        config: { permission: 'deployment:read' },
        schema: {
          operationId: 'listSigningKeys',
          summary: 'List the signing keys, newest first',
          tags: ['Deployment'],
          response: { 200: keysAnswer },
        },
      },
      present,
    )

    server.post(
      '/signing-keys/rotate',
      {
        config: { permission: 'deployment:write' },
        schema: {
          operationId: 'rotateSigningKey',
          summary: 'Rotate the signing key',
          description:
            'A new key is published now and signs in 10 minutes, when every guard knows it; tokens of the old one stay good. In an emergency use the command keys rotate --emergency: it ends all tokens.',
          tags: ['Deployment'],
          response: { 200: rotatedAnswer },
        },
      },
      async (request) => {
        await createKeyRotation(db, signer, now, newId, accountCallerOf(request).actor).rotate('now')
        // A node that has not heard of the new key could not check what another one signs.
        const known = await changes.waitForNodes()
        return { ...(await present()), effectiveOn: known }
      },
    )
  }
}
