import { Type } from 'typebox'
import { accountCallerOf, ownerOf } from '../http/account-routes.ts'
import { idempotencyHeaders, keyedRequest, writeKeyed } from '../http/idempotency-key.ts'
import { problemSchema } from '../http/problem-schema.ts'
import type { HttpServer } from '../http/server.ts'
import { writeVersion } from '../http/versions.ts'
import type { Owner } from '../vocabulary/owner.ts'
import { getScopeAccount, refuseProduction } from './account-facts.ts'
import { membersOf, mergeMembers } from './client-members.ts'
import { type ClientOperations, clientProblems, showClient } from './client-operation.ts'
import { clientCopy, copiedClientAnswer } from './client-schema.ts'
import { checklistOf, differencesOf, membersToCopy } from './copy-rules.ts'
import { createClient } from './create-client.ts'
import { afterCreation } from './create-routes.ts'
import { getManagedClient, refuseDeleted } from './managed-client.ts'
import type { ManagedClient } from './managed-store.ts'
import { readMembers } from './sent-members.ts'

// The parameter, not a fixed path: a token of test is then refused as everywhere under /account/production.
const params = Type.Object({ environment: Type.Literal('production') })

export function mountClientCopy(server: HttpServer, options: ClientOperations): void {
  const { now, doOnce, catalogue } = options

  server.post(
    '/:environment/api-clients/copies',
    {
      config: { permission: 'clients:write' },
      schema: {
        operationId: 'copyApiClientToProduction',
        summary: 'Copy a test client to production',
        description:
          'A new client with a new id and a new secret; keys and secrets stay in test. The answer says what differs and what to look at.',
        tags: ['API clients'],
        params,
        headers: idempotencyHeaders,
        body: clientCopy,
        response: {
          201: copiedClientAnswer,
          404: problemSchema('No such test client in this account'),
          409: clientProblems[409],
          422: problemSchema('A value cannot be used; errors names each'),
        },
      },
    },
    async (request, reply) => {
      const caller = accountCallerOf(request)
      const owner = ownerOf(request)
      const { fromClientId, secret = {}, ...sent } = request.body
      const named = readMembers(sent)
      const testOwner: Owner = { accountId: owner.accountId, environment: 'test' }
      let made: ManagedClient | undefined
      const answer = await doOnce(keyedRequest(request), async (tx) => {
        const account = await getScopeAccount(tx, owner.accountId)
        refuseProduction(account, owner)
        const original = await getManagedClient(tx, testOwner, fromClientId, now())
        refuseDeleted(original)
        const test = membersOf(original)
        const question = { environment: owner.environment, account, catalogue }
        const { members: copied, leftOut } = membersToCopy(test, question)
        const base = mergeMembers(copied)
        const members = mergeMembers(named, base)
        const created = await createClient(
          tx,
          { ...options, nowMs: now() },
          { caller, owner, members, secret, copiedFrom: fromClientId },
        )
        made = created.client
        const body = {
          client: await showClient(tx, created.client, options),
          secret: created.secret,
          differences: differencesOf(test, members, leftOut),
          checklist: checklistOf(test, members, created.secret?.expiresAt !== null),
        }
        return { status: 201, body }
      })
      if (made) afterCreation(made, options)
      const body = writeKeyed(reply, answer)
      writeVersion(reply, 1)
      reply.header('location', `/account/${owner.environment}/api-clients/${body.client.id}`)
      return body
    },
  )
}
