// A browser as far as the account API sees one: it keeps cookies, and says from which page it calls.
import type { Answer } from './account-caller.ts'
import type { World } from './world.ts'

export interface TestBrowser {
  get: (url: string) => Promise<Answer>
  post: (url: string, body?: object, headers?: Record<string, string>) => Promise<Answer>
  send: (method: Method, url: string, body?: object, headers?: Record<string, string>) => Promise<Answer>
  /** Its cookies by their name. */
  cookies: ReadonlyMap<string, string>
  /** Set-Cookie of the last answer. */
  lastSetCookies: () => string[]
}

type Method = 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE'

export function makeBrowser(world: Pick<World, 'inject' | 'url'>): TestBrowser {
  const cookies = new Map<string, string>()
  let last: string[] = []

  async function send(method: Method, url: string, body?: object, more: Record<string, string> = {}) {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const answer = await world.inject({
      method,
      url,
      headers: { origin: world.url, ...(cookie && { cookie }), ...more },
      ...(body !== undefined && { payload: body }),
    })
    last = [answer.headers['set-cookie'] ?? []].flat()
    for (const line of last) keep(line)
    return {
      status: answer.statusCode,
      headers: answer.headers,
      etag: String(answer.headers.etag ?? ''),
      body: answer.body === '' ? undefined : answer.json(),
      text: answer.body,
    }
  }

  function keep(line: string): void {
    const [pair = ''] = line.split(';')
    const name = pair.slice(0, pair.indexOf('='))
    const value = pair.slice(pair.indexOf('=') + 1)
    if (value === '' || /max-age=0\b/i.test(line)) cookies.delete(name)
    else cookies.set(name, value)
  }

  return {
    send,
    get: (url) => send('GET', url),
    post: (url, body, headers) => send('POST', url, body, headers),
    cookies,
    lastSetCookies: () => last,
  }
}
