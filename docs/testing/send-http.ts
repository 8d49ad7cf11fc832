// Sends a message that a page shows as it goes over the wire, with credentials that are real.
import type { ExampleClient } from './example-server.ts'

/** A request is sent and must be answered 2xx; an answer is only read. @throws {Error} otherwise. */
export async function sendHttp(text: string, client: ExampleClient): Promise<void> {
  const [head = '', ...rest] = text.trim().split(/\r?\n\r?\n/)
  const [first = '', ...lines] = head.split('\n')
  if (/^HTTP\/1\.1 \d{3} /.test(first)) return
  const match = /^([A-Z]+) (\S+) HTTP\/1\.1$/.exec(first)
  if (!match) throw new Error('It is no HTTP message.')
  const [, method = '', path = ''] = match
  const headers = new Headers()
  for (const line of lines) {
    const [name = '', value = ''] = line.split(/: (.*)/)
    if (name.toLowerCase() !== 'host') headers.set(name, await real(value, client))
  }
  const body = rest.join('\n\n').trim()
  const answer = await fetch(client.url + path, { method, headers, ...(body !== '' && { body }) })
  if (!answer.ok) throw new Error(`answered ${answer.status}: ${await answer.text()}`)
}

/** Credentials stand shortened on the page. */
async function real(value: string, client: ExampleClient): Promise<string> {
  if (value.startsWith('Basic ')) return basic(client)
  if (!value.startsWith('Bearer ')) return value
  const answer = await fetch(`${client.url}/oauth/connect/token`, {
    method: 'POST',
    headers: { authorization: basic(client) },
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      scope: 'document_read document_write event identify',
    }),
  })
  const { access_token: token }: { access_token?: string } = await answer.json()
  return `Bearer ${token}`
}

function basic({ clientId, clientSecret }: ExampleClient): string {
  return `Basic ${btoa(`${clientId}:${clientSecret}`)}`
}
