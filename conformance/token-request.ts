import { type Answer, readAnswer } from './answer.ts'
import type { Credentials, GuardedCall, Target } from './target.ts'

export const formType = 'application/x-www-form-urlencoded'
export const grantBody = 'grant_type=client_credentials'

/** What differs from an ordinary token request. */
export interface TokenPost {
  method?: string
  endpoint?: string
  /** Appended to the address, with its question mark. */
  query?: string
  /** Default: Basic of the target's client. `null`: none. */
  authorization?: string | null
  /** Default: the form's. `null`: none. */
  contentType?: string | null
  /** Default: an ordinary request for the client's first scope. `null`: none. */
  body?: string | Uint8Array<ArrayBuffer> | null
  headers?: Record<string, string>
}

/** RFC 6749 §2.3.1: id and secret are form-encoded, then Base64 (RFC 7617). */
export function basic({ clientId, clientSecret }: Credentials): string {
  return rawBasic(`${formEncode(clientId)}:${formEncode(clientSecret)}`)
}

export function rawBasic(text: string | Uint8Array): string {
  return `Basic ${Buffer.from(text).toString('base64')}`
}

export function formEncode(text: string): string {
  return encodeURIComponent(text).replaceAll('%20', '+')
}

/** `grant_type` and these scopes, as a form. */
export function requestBody(...scopes: readonly string[]): string {
  return `${grantBody}&scope=${scopes.map(formEncode).join('+')}`
}

/** The first of the scopes that the target's client has. */
export function firstScope(target: Target): string {
  return target.client.scopes[0] ?? ''
}

/** Sends a token request that is ordinary but for what is named. */
export async function postToken(target: Target, post: TokenPost = {}): Promise<Answer> {
  const { authorization = basic(target.client), contentType = formType } = post
  const body = post.body === undefined ? requestBody(firstScope(target)) : post.body
  const response = await fetch((post.endpoint ?? target.tokenEndpoint) + (post.query ?? ''), {
    method: post.method ?? 'POST',
    // A redirect of a request with credentials is never followed.
    redirect: 'manual',
    headers: {
      ...(authorization !== null && { authorization }),
      ...(contentType !== null && { 'content-type': contentType }),
      ...post.headers,
    },
    // Bytes, because fetch adds a Content-Type to text.
    ...(body !== null && { body: typeof body === 'string' ? new TextEncoder().encode(body) : body }),
  })
  return readAnswer(response)
}

/** A token for these scopes. @throws {Error} when the server refuses. */
export async function getToken(
  target: Target,
  scopes: readonly string[] = [firstScope(target)],
  client: Credentials = target.client,
): Promise<string> {
  const answer = await postToken(target, { authorization: basic(client), body: requestBody(...scopes) })
  const token = answer.body.access_token
  if (answer.status === 200 && typeof token === 'string') return token
  throw new Error(`No token for ${scopes.join(' ')}: ${answer.status} ${answer.text}`)
}

/** Makes a guarded call. @param authorization the header's value; undefined: none. */
export async function callGuarded(
  call: GuardedCall,
  authorization: string | undefined,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const { contentType, body } = call
  const response = await fetch(call.url, {
    method: call.method,
    headers: {
      ...(authorization !== undefined && { authorization }),
      ...(contentType !== undefined && { 'content-type': contentType }),
      ...headers,
    },
    ...(body !== undefined && { body }),
  })
  return readAnswer(response)
}
