// An HTTP answer as the checks read it, whoever sent the request.
import assert from 'node:assert/strict'
import type { Json } from './target.ts'

export interface Answer {
  status: number
  headers: Headers
  text: string
  /** The JSON object in it; empty when there is none. */
  body: Json
}

export async function readAnswer(response: Response): Promise<Answer> {
  return toAnswer(response.status, response.headers, await response.text())
}

export function toAnswer(status: number, headers: Headers, text: string): Answer {
  return { status, headers, text, body: parseObject(text) }
}

export function asObject(value: unknown): Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {}
}

function parseObject(text: string): Json {
  try {
    return asObject(JSON.parse(text))
  } catch {
    return {}
  }
}

/** What an answer says, for the message of a failed check; a token in it is cut. */
export function shown({ status, text }: Answer): string {
  return `${status} ${text.replace(/("access_token": ?"[^"]{0,12})[^"]*/, '$1…').slice(0, 600)}`
}

/** RFC 6749 §5.2: the status and the code of a refusal of the authorization server. */
export function assertError(answer: Answer, status: number, error: string): void {
  assert.equal(`${answer.status} ${answer.body.error}`, `${status} ${error}`, shown(answer))
  assertNoToken(answer)
}

export function assertNoToken(answer: Answer): void {
  assert.equal('access_token' in answer.body, false, 'no token is in the answer')
}

/** "401+Basic" (RFC 6749 §5.2, RFC 7617 §2.1). */
export function assertBasicChallenge(answer: Answer): void {
  assertError(answer, 401, 'invalid_client')
  assert.match(answer.headers.get('www-authenticate') ?? '', /^Basic realm="[^"]+", charset="UTF-8"$/)
}

/** A refusal of a guarded API (RFC 6750 §3.1). */
export function assertBearerError(answer: Answer, status: number, error: string): void {
  assert.equal(answer.status, status, shown(answer))
  assert.equal(challengeOf(answer).error, error)
}

/** The parameters of a `Bearer` challenge (RFC 9110 §11.6.1). */
export function challengeOf(answer: Answer): Record<string, string> {
  const text = answer.headers.get('www-authenticate') ?? ''
  assert.match(text, /^Bearer( |$)/i, 'a Bearer challenge')
  const found = text.matchAll(/([A-Za-z_-]+)="((?:[^"\\]|\\.)*)"/g)
  return Object.fromEntries([...found].map((match) => [match[1] ?? '', match[2] ?? '']))
}
