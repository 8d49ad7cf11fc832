import { api, queryClient, read } from '../../api.ts'
import * as words from '../../words/index.ts'
import type { FreshSecret } from './fresh-secret.ts'

/**
 * A test client that can read documents: what the first call needs and nothing more.
 * @param key one for each wish: who sends it again after a broken connection gets the same client.
 * @throws {ApiProblem}
 */
export async function createFirstClient(key: string = crypto.randomUUID()): Promise<FreshSecret> {
  const { client, secret } = await read(
    api.POST('/account/{environment}/api-clients', {
      params: { path: { environment: 'test' }, header: { 'idempotency-key': key } },
      body: { name: words.clients.first, scopes: ['document_read'], secret: { expiresInDays: 365 } },
    }),
  )
  await queryClient.invalidateQueries({ queryKey: ['clients', 'test'] })
  return {
    environment: 'test',
    clientId: client.id,
    clientName: client.name,
    secret: secret?.secret ?? '',
    expiresAt: secret?.expiresAt ?? null,
    scopes: client.scopes,
  }
}
