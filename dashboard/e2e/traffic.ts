// What programs of an account do while somebody looks at the dashboard.
import assert from 'node:assert/strict'
import { basic, type TestClient } from '../../server/testing/world.ts'
import type { Stage } from './stage.ts'

export interface Answered {
  status: number
  requestId: string
  body: Record<string, unknown>
}

/** A token request from elsewhere. */
export function askToken(
  stage: Stage,
  client: TestClient,
  scope: string,
  headers: Record<string, string> = {},
): Promise<Answered> {
  return send(`${stage.url}/oauth/connect/token`, {
    method: 'POST',
    headers: {
      authorization: basic(client),
      'content-type': 'application/x-www-form-urlencoded',
      ...headers,
    },
    body: new URLSearchParams({ grant_type: 'client_credentials', scope }),
  })
}

/** A token that is granted. */
export async function getToken(stage: Stage, client: TestClient, scope: string): Promise<string> {
  const { status, body } = await askToken(stage, client, scope)
  assert.equal(status, 200)
  return String(body.access_token)
}

/** A call with a token. */
export function call(
  stage: Stage,
  token: string,
  path: string,
  more: { method?: string; headers?: Record<string, string>; body?: FormData | string } = {},
): Promise<Answered> {
  return send(`${stage.url}${path}`, {
    ...more,
    headers: { authorization: `Bearer ${token}`, ...more.headers },
  })
}

async function send(url: string, init: RequestInit): Promise<Answered> {
  const answer = await fetch(url, init)
  return {
    status: answer.status,
    requestId: answer.headers.get('request-id') ?? '',
    body: await answer.json(),
  }
}
