// Between the places that answer and the recorder: finds whose a refusal is, off the hot path, and thins out floods.
import type { AccessToken } from '@latchkey/guard'
import type { Recorder } from '../activity/recorder.ts'
import { sampleRefusals } from '../activity/refusal-samples.ts'
import type { Client } from '../clients/client.ts'
import { explainDeadToken } from '../clients/dead-token.ts'
import type { ClientDirectory } from '../clients/directory.ts'
import type { LastUsed } from '../clients/last-used.ts'
import type { Database } from '../database/tables.ts'
import type { RecordCall } from '../http/recorded-calls.ts'
import { deadTokenDetail } from '../http/token-check.ts'
import type { Claim } from '../oauth/client-authentication/claim.ts'
import type { RecordTokenRequest } from '../oauth/token-happening.ts'
import type { Happening } from '../vocabulary/activity-entry.ts'
import type { Now } from '../vocabulary/clock.ts'

export interface RecordingOptions {
  db: Database
  now: Now
  recorder: Recorder
  clients: ClientDirectory
  lastUsed: LastUsed
  onError: (error: unknown) => void
}

export interface Recording {
  recordCall: RecordCall
  recordTokenRequest: RecordTokenRequest
  /** The recorder, whose `flush` and `close` also wait for refusals whose owner is looked for. */
  recorder: Recorder
}

/** How long a claim waits before its client is looked for. */
const claimsMs = 200
const notProven = 'Whether the request came from the client is not proven. '
/** As ids are made (client-id.ts): what else was sent as one may be a secret or anything. */
const clientIdShape = /^(?:test|prod)-[a-z]+-[a-z]+-\d{1,6}$/

export function createRecording({
  db,
  now,
  recorder,
  clients,
  lastUsed,
  onError,
}: RecordingOptions): Recording {
  const keepRefusal = sampleRefusals(now)
  const running = new Set<Promise<void>>()
  let claims: { happening: Happening; claim: Claim }[] = []
  let timer: NodeJS.Timeout | undefined

  function later(work: () => Promise<void>): void {
    const run = work()
      .catch(onError)
      .finally(() => running.delete(run))
    running.add(run)
  }

  async function recordClaim(
    happening: Happening,
    { clientId, client, isSettled, reason }: Claim,
  ): Promise<void> {
    const owner = client ?? (isSettled ? undefined : await clients.find(clientId))
    if (!owner && clientIdShape.test(clientId)) happening.clientId = clientId
    if (owner) attribute(happening, owner)
    happening.reason = (owner ? notProven : '') + (await reason)
    recorder.record(happening)
  }

  async function recordRefusedToken(happening: Happening, token: AccessToken): Promise<void> {
    const client = clients.peek(token.clientId) ?? (await clients.find(token.clientId))
    if (client) {
      attribute(happening, client)
      if (happening.reason === deadTokenDetail)
        happening.reason = await explainDeadToken(db, client, token.id)
    }
    recorder.record(happening)
  }

  // Together and after a while: looking for a client right after the answer would slow down the caller's next request
  // by more for an id that is not in memory, and tell him so.
  function lookForClaims(): void {
    clearTimeout(timer)
    timer = undefined
    const waiting = claims
    claims = []
    for (const { happening, claim } of waiting) later(() => recordClaim(happening, claim))
  }

  async function settle(): Promise<void> {
    lookForClaims()
    await Promise.all(running)
  }

  /** What a flood adds is a number. Few of them differ, so that they cost little. */
  function count(happening: Happening, client: Client | undefined): void {
    if (client) attribute(happening, client)
    Object.assign(happening, { scopes: '', host: '', userAgent: null, reason: null, countedOnly: true })
    recorder.record(happening)
  }

  return {
    recordCall(happening, token) {
      if (happening.error === null) return recorder.record(happening)
      if (!keepRefusal(happening, token?.clientId)) {
        const client = token && clients.peek(token.clientId)
        // One that changed a moment ago is not in memory; its refusals are still its own.
        if (token && !client) later(async () => count(happening, await clients.find(token.clientId)))
        else count(happening, client)
        return
      }
      if (token) later(() => recordRefusedToken(happening, token))
      else recorder.record(happening)
    },
    recordTokenRequest(happening, claim) {
      if (happening.secretId !== null) lastUsed.note(happening.secretId, happening.address)
      if (happening.error === null) return recorder.record(happening)
      if (!keepRefusal(happening, claim?.clientId)) return count(happening, claim?.client)
      if (!claim) return recorder.record(happening)
      claims.push({ happening, claim })
      timer ??= setTimeout(lookForClaims, claimsMs)
    },
    recorder: {
      ...recorder,
      async flush() {
        await settle()
        await recorder.flush()
      },
      async close() {
        await settle()
        await recorder.close()
      },
    },
  }
}

function attribute(happening: Happening, client: Client): void {
  happening.accountId = client.accountId
  happening.environment = client.environment
  happening.clientId = client.id
}
