// A fetch that shows each exchange, with secrets and tokens masked.
import type { Fetch } from '@latchkey/client'

/** The server could not be reached. */
export class ServerAway extends Error {
  readonly origin: string

  constructor(origin: string) {
    super(`Nothing answers at ${origin}.`)
    this.origin = origin
  }
}

export interface Recorder {
  fetch: Fetch
  /** Aborts with `ServerAway` when a request is not answered: a trial does not wait for later tries. */
  signal: AbortSignal
  counts: () => { tokenRequests: number; apiCalls: number }
}

const tokenPath = '/oauth/connect/token'
const shownHeaders = ['content-type', 'cache-control', 'www-authenticate', 'retry-after', 'request-id']
const shownLength = 300

export function recordExchanges(print: (text: string) => void, secrets: readonly string[]): Recorder {
  const away = new AbortController()
  // What is masked in one place is masked wherever else it turns up.
  const hidden = new Map(secrets.map((secret) => [secret, '****']))
  let tokenRequests = 0
  let apiCalls = 0
  return {
    signal: away.signal,
    counts: () => ({ tokenRequests, apiCalls }),
    async fetch(input, init) {
      const request = new Request(input, init)
      const sent = await request.clone().text()
      const { origin, pathname } = new URL(request.url)
      if (pathname === tokenPath) tokenRequests += 1
      else apiCalls += 1
      const response = await fetch(request).catch((error: unknown) => {
        away.abort(new ServerAway(origin))
        throw error
      })
      const answer = await response.clone().text()
      learnToken(answer, hidden)
      const lines = [...describeRequest(request, sent, hidden), ...describeResponse(response, answer, hidden)]
      print(`${tokenRequests + apiCalls}.\n${lines.map((line) => `  ${line.trimEnd()}\n`).join('')}`)
      return response
    },
  }
}

function describeRequest(request: Request, sent: string, hidden: ReadonlyMap<string, string>): string[] {
  const { pathname, search } = new URL(request.url)
  const headers = [...request.headers].map(([name, value]) => `${name}: ${maskScheme(value)}`)
  const lines = [`${request.method} ${pathname}${search}`, ...headers, ...bodyLines(sent, hidden)]
  return lines.map((line) => `> ${mask(line, hidden)}`)
}

function describeResponse(response: Response, answer: string, hidden: ReadonlyMap<string, string>): string[] {
  const headers = shownHeaders.flatMap((name) => {
    const value = response.headers.get(name)
    return value === null ? [] : [`${name}: ${value}`]
  })
  const lines = [`${response.status} ${response.statusText}`, ...headers, ...bodyLines(answer, hidden)]
  return lines.map((line) => `< ${mask(line, hidden)}`)
}

/** Masked before it is cut: a part of a token would no longer be found. */
function bodyLines(text: string, hidden: ReadonlyMap<string, string>): string[] {
  const shown = mask(text, hidden)
  if (shown === '') return []
  return ['', shown.length > shownLength ? `${shown.slice(0, shownLength)}…` : shown]
}

/** What stands behind `Basic` is the secret in another form; a token is told by its first characters. */
function maskScheme(value: string): string {
  return value.replace(/^Basic .*/i, 'Basic ****').replace(/^(Bearer .{4}).*/i, '$1…(masked)')
}

/** A token is known from the answer that brings it. */
function learnToken(answer: string, hidden: Map<string, string>): void {
  const token = /"access_token"\s*:\s*"([^"]+)"/.exec(answer)?.[1]
  if (token !== undefined) hidden.set(token, `${token.slice(0, 4)}…(masked)`)
}

function mask(text: string, hidden: ReadonlyMap<string, string>): string {
  return [...hidden].reduce((rest, [value, shown]) => rest.replaceAll(value, shown), text)
}
