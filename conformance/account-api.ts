// The operations by which an account manages its clients: our own choice of an API, at `target.accountApi`.
import { type Answer, asObject, readAnswer, shown } from './answer.ts'
import { type Json, type KnownClient, need, type Target } from './target.ts'
import { getToken } from './token-request.ts'

export interface AccountCall {
  body?: Json
  headers?: Record<string, string>
}

/** Calls an operation of the test environment by the client that manages it. @param path below the environment. */
export async function callAccount(
  target: Target,
  method: string,
  path: string,
  { body, headers }: AccountCall = {},
): Promise<Answer> {
  const base = need(target.accountApi, 'API to manage clients')
  const client = need(target.clients?.account, 'client that manages its account')
  const authorization = `Bearer ${await getToken(target, client.scopes, client)}`
  const response = await fetch(`${base}/test${path}`, {
    method,
    headers: {
      authorization,
      ...(method !== 'GET' && { 'if-match': '*' }),
      ...(body && { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body && { body: JSON.stringify(body) }),
  })
  return readAnswer(response)
}

/** The same, where it has to succeed. @throws {Error} with the answer. */
export async function manage(target: Target, method: string, path: string, body?: Json): Promise<Json> {
  const answer = await callAccount(target, method, path, body && { body })
  if (answer.status >= 200 && answer.status < 300) return answer.body
  throw new Error(`${method} ${path}: ${shown(answer)}`)
}

/** A client of its own, made through the API. */
export async function createClient(
  target: Target,
  scopes: readonly string[],
): Promise<KnownClient & { secretId: string }> {
  const { client, secret } = await manage(target, 'POST', '/api-clients', { name: 'Conformance', scopes })
  return {
    clientId: String(asObject(client).id),
    clientSecret: String(asObject(secret).secret),
    secretId: String(asObject(secret).id),
    scopes: [...scopes],
  }
}
