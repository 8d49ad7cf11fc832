import { accountCallerOf, ownerOf } from '../http/account-routes.ts'
import { problemSchema } from '../http/problem-schema.ts'
import type { HttpServer } from '../http/server.ts'
import { seenVersion, versionHeaders, writeVersion } from '../http/versions.ts'
import { getScopeAccount } from './account-facts.ts'
import { type NamedAuthentication, refuseAuthentication } from './authentication-facts.ts'
import { isAlive } from './client.ts'
import {
  auditMembers,
  type ClientMembers,
  changedMembers,
  credentialMembers,
  endingMembers,
  type MemberName,
  membersOf,
  mergeMembers,
  protectingMembers,
} from './client-members.ts'
import { type ClientOperations, clientBodyLimit, clientProblems, showClient } from './client-operation.ts'
import { changedClientAnswer, clientChange, clientParams } from './client-schema.ts'
import { refuseEscalation } from './escalation.ts'
import { changeClient, refuseDeleted } from './managed-client.ts'
import type { ManagedClient } from './managed-store.ts'
import { refuseScopes } from './scope-rules.ts'
import { takesSecret } from './secret-state.ts'
import { readMembers, refuseErrors } from './sent-members.ts'
import { updateClient } from './store.ts'

export function mountClientChange(server: HttpServer, options: ClientOperations): void {
  const { db, now, catalogue, clients, publishedKeys, changes } = options

  server.patch(
    '/:environment/api-clients/:clientId',
    {
      config: { permission: 'clients:write' },
      bodyLimit: clientBodyLimit,
      schema: {
        operationId: 'updateApiClient',
        summary: 'Change an API client',
        description: 'Only the members that are named change; null takes one away.',
        tags: ['API clients'],
        params: clientParams,
        headers: versionHeaders,
        body: clientChange,
        response: {
          200: changedClientAnswer,
          ...clientProblems,
          422: problemSchema('A value cannot be used; errors names each'),
          428: problemSchema('If-Match is missing'),
        },
      },
    },
    async (request, reply) => {
      const owner = ownerOf(request)
      const caller = accountCallerOf(request)
      const { clientId } = request.params
      const named = readMembers(request.body)
      let changed: MemberName[] = []
      const { client } = await changeClient(
        options,
        { owner, clientId, actor: caller.actor, seen: seenVersion(request) },
        async (known, tx) => {
          refuseDeleted(known)
          const before = membersOf(known)
          const after = mergeMembers(named, before)
          changed = changedMembers(before, after)
          if (changed.length === 0) return undefined
          if (changed.some((name) => protectingMembers.includes(name))) refuseEscalation(caller, known)
          if (changed.includes('scopes')) {
            const account = await getScopeAccount(tx, owner.accountId)
            const question = { environment: owner.environment, account, catalogue }
            refuseScopes(caller, after.scopes, before.scopes, question)
          }
          refuseErrors(authenticationErrors(known, named, after, changed, now()))
          return {
            action: 'client.changed',
            before: auditMembers(before, changed),
            after: auditMembers(after, changed),
            version: known.version + 1,
            write: (writer) =>
              updateClient(writer, { ...owner, ...after, id: clientId }, now(), known.version),
          }
        },
      )
      clients.forget(clientId)
      if (changed.includes('jwksUri') || changed.includes('jwks')) publishedKeys.refresh(client)
      writeVersion(reply, client.version)
      const answer = await showClient(db, client, options)
      const ends = changed.some((name) => endingMembers.includes(name))
      return ends ? { ...answer, effectiveOn: await changes.waitForNodes() } : answer
    },
  )
}

/** What is wrong with how it would authenticate, when that is changed. */
function authenticationErrors(
  known: ManagedClient,
  named: NamedAuthentication,
  after: ClientMembers,
  changed: readonly MemberName[],
  nowMs: number,
): string[] {
  if (!changed.some((name) => credentialMembers.includes(name))) return []
  // A client that lost its last secret may still be changed otherwise: the method is not what is new.
  const hasSecret =
    takesSecret(known.authenticationMethods) || known.secrets.some((secret) => isAlive(secret, nowMs))
  return refuseAuthentication(named, after, hasSecret)
}
