import { accountCallerOf, ownerOf } from '../http/account-routes.ts'
import { idempotencyHeaders, keyedRequest, writeKeyed } from '../http/idempotency-key.ts'
import { problemSchema } from '../http/problem-schema.ts'
import type { HttpServer } from '../http/server.ts'
import { writeVersion } from '../http/versions.ts'
import { mergeMembers } from './client-members.ts'
import { type ClientOperations, clientBodyLimit, showClient } from './client-operation.ts'
import { clientCreation, createdClientAnswer, environmentParams } from './client-schema.ts'
import { createClient } from './create-client.ts'
import type { ManagedClient } from './managed-store.ts'
import { readMembers } from './sent-members.ts'

export function mountClientCreation(server: HttpServer, options: ClientOperations): void {
  const { now, doOnce } = options

  server.post(
    '/:environment/api-clients',
    {
      config: { permission: 'clients:write' },
      bodyLimit: clientBodyLimit,
      schema: {
        operationId: 'createApiClient',
        summary: 'Create an API client',
        description:
          'Its id is made here. The answer shows its secret, this once; the same Idempotency-Key gets the same answer again.',
        tags: ['API clients'],
        params: environmentParams,
        headers: idempotencyHeaders,
        body: clientCreation,
        response: {
          201: createdClientAnswer,
          404: problemSchema('The account does not exist any more'),
          409: problemSchema(
            'The account has as many clients as it may, or the Idempotency-Key was used for another request',
          ),
          422: problemSchema('A value cannot be used; errors names each'),
        },
      },
    },
    async (request, reply) => {
      const owner = ownerOf(request)
      const caller = accountCallerOf(request)
      const { secret, ...sent } = request.body
      const members = mergeMembers(readMembers(sent))
      let made: ManagedClient | undefined
      const answer = await doOnce(keyedRequest(request), async (tx) => {
        const created = await createClient(
          tx,
          { ...options, nowMs: now() },
          { caller, owner, members, secret },
        )
        made = created.client
        const client = await showClient(tx, created.client, options)
        return { status: 201, body: { client, secret: created.secret } }
      })
      if (made) afterCreation(made, options)
      const body = writeKeyed(reply, answer)
      writeVersion(reply, 1)
      reply.header('location', `/account/${owner.environment}/api-clients/${body.client.id}`)
      return body
    },
  )
}

/** What cannot fail the request any more. */
export function afterCreation(
  client: ManagedClient,
  { clients, publishedKeys }: Pick<ClientOperations, 'clients' | 'publishedKeys'>,
): void {
  clients.forget(client.id)
  publishedKeys.refresh(client)
}
