// What is done to a client as a whole: disabled and enabled, its tokens revoked, deleted and taken back.
import { accountCallerOf, ownerOf } from '../http/account-routes.ts'
import { problemSchema } from '../http/problem-schema.ts'
import type { HttpServer } from '../http/server.ts'
import { seenVersionIfAny, versionHeaders, writeVersion } from '../http/versions.ts'
import { type ClientOperations, clientProblems, showClient } from './client-operation.ts'
import { changedClientAnswer, clientParams } from './client-schema.ts'
import { changeClient } from './managed-client.ts'
import { deletion, disabling, enabling, restoring, type Switch, tokenRevocation } from './switches.ts'

export function mountClientSwitches(server: HttpServer, options: ClientOperations): void {
  const { db, now, clients, changes } = options

  function mount(
    operationId: string,
    [method, path]: readonly ['POST' | 'DELETE', string],
    summary: string,
    description: string,
    act: Switch,
  ) {
    server.route({
      method,
      url: `/:environment/api-clients/:clientId${path}`,
      config: { permission: 'clients:write' },
      schema: {
        operationId,
        summary,
        description,
        tags: ['API clients'],
        params: clientParams,
        headers: versionHeaders,
        response: {
          200: changedClientAnswer,
          ...clientProblems,
          ...(act === restoring && { 410: problemSchema('Its deletion cannot be undone any more') }),
        },
      },
      handler: async (request, reply) => {
        const caller = accountCallerOf(request)
        const owner = ownerOf(request)
        const { clientId } = request.params
        const nowMs = now()
        const seen = seenVersionIfAny(request)
        await act.before?.(db, owner, clientId, nowMs)
        const { client } = await changeClient(
          options,
          { owner, clientId, actor: caller.actor, seen },
          (known, tx) => act.plan({ known, caller, tx, nowMs }),
        )
        clients.forget(clientId)
        writeVersion(reply, client.version)
        const answer = await showClient(db, client, options)
        return act.ends ? { ...answer, effectiveOn: await changes.waitForNodes() } : answer
      },
    })
  }

  mount(
    'disableApiClient',
    ['POST', '/disable'],
    'Disable an API client',
    'It gets no token, and those it has are dead: for good, also when it is enabled again.',
    disabling,
  )
  mount(
    'enableApiClient',
    ['POST', '/enable'],
    'Enable an API client',
    'It gets tokens again. Those from before stay dead.',
    enabling,
  )
  mount(
    'revokeApiClientTokens',
    ['POST', '/revoke-tokens'],
    'Revoke all tokens of an API client',
    'Those that it has now. It may request new ones at once.',
    tokenRevocation,
  )
  mount(
    'deleteApiClient',
    ['DELETE', ''],
    'Delete an API client',
    'It is disabled at once, and erased with its secrets at undoUntil; until then restore takes it back.',
    deletion,
  )
  mount(
    'restoreApiClient',
    ['POST', '/restore'],
    'Take the deletion of an API client back',
    'Until undoUntil. It is as it was, disabled if it was disabled; its tokens from before stay dead.',
    restoring,
  )
}
