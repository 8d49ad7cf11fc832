// What "Run it now" does: a token, by the secret itself or made by the server, and a call with it.
import { api, isRecord, read } from '../../api.ts'
import type { TryableCall } from './tryable-calls.ts'
import { basicAuthorization, type Exchange, exchange } from './wire.ts'

export interface TryRun {
  /** Undefined: the server made the token. */
  token: Exchange | undefined
  /** Undefined: there was no token, or there is no call to try. */
  call: Exchange | undefined
  scope: string
  path: string | undefined
}

export interface TryWish {
  clientId: string
  /** Undefined: the server makes a token, for the member who looks. */
  secret: string | undefined
  /** The scopes of the client. */
  scopes: readonly string[]
  call: TryableCall | undefined
}

/** @throws {ApiProblem} when the server refuses to make a token, {TypeError} when no answer comes. */
export async function runTry({ clientId, secret, scopes, call }: TryWish): Promise<TryRun> {
  const scope = call?.scope ?? scopes[0] ?? ''
  const path = call?.path
  if (secret === undefined) {
    const minted = await read(
      api.POST('/account/{environment}/api-clients/{clientId}/try', {
        params: { path: { environment: 'test', clientId } },
        body: { scope },
      }),
    )
    return { token: undefined, call: await callWith(minted.accessToken, path), scope, path }
  }
  const token = await exchange({
    method: 'POST',
    path: '/oauth/connect/token',
    headers: {
      Authorization: basicAuthorization(clientId, secret),
      'Content-Type': 'application/x-www-form-urlencoded',
    },
    body: new URLSearchParams({ grant_type: 'client_credentials', scope }).toString(),
  })
  const { body } = token
  const value = isRecord(body) && typeof body.access_token === 'string' ? body.access_token : undefined
  return { token, call: value === undefined ? undefined : await callWith(value, path), scope, path }
}

async function callWith(token: string, path: string | undefined): Promise<Exchange | undefined> {
  if (path === undefined) return undefined
  return exchange({
    method: 'GET',
    path,
    headers: { Authorization: `Bearer ${token}`, Accept: 'application/json' },
  })
}
