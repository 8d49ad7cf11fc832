// The front page shows what really goes over the wire: what it shows is sent, and the answers look as it says.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { basic, createWorld, type World } from '../testing/world.ts'

let world: World
before(async () => {
  world = await createWorld()
})
after(() => world.close())

interface Shown {
  first: string
  headers: Record<string, string>
  body: string
}

const characters: Readonly<Record<string, string>> = {
  '&quot;': '"',
  '&amp;': '&',
  '&#39;': "'",
  '&lt;': '<',
  '&gt;': '>',
}

/** The messages that the page shows, in their order. */
async function shownMessages(): Promise<Shown[]> {
  const { body: page } = await world.inject({ method: 'GET', url: '/' })
  return [...page.matchAll(/<pre[^>]*><code>([^<]*)<\/code>/g)].map(([, escaped = '']) => {
    const text = escaped.replace(/&[#\w]+;/g, (name) => characters[name] ?? name)
    const [head = '', body = ''] = text.split('\n\n')
    const [first = '', ...lines] = head.split('\n')
    const headers = lines.map((line): [string, string] => {
      const [name = '', value = ''] = line.split(/: (.*)/)
      return [name.toLowerCase(), value]
    })
    return { first, headers: Object.fromEntries(headers), body }
  })
}

/** @throws {AssertionError} unless the answer is as shown: status, headers, and the members of its body. */
function assertAsShown(answer: Awaited<ReturnType<World['inject']>>, shown: Shown): void {
  assert.equal(shown.first, `HTTP/1.1 ${answer.statusCode} OK`)
  assert.match(String(answer.headers['content-type']), /^application\/json/)
  for (const name of Object.keys(shown.headers)) assert.ok(answer.headers[name], name)
  assert.deepEqual(Object.keys(answer.json()).toSorted(), Object.keys(JSON.parse(shown.body)).toSorted())
}

test('the requests of the front page are answered as it shows', async () => {
  const [askToken, token, call, answer] = await shownMessages()
  assert.ok(askToken && token && call && answer)
  const client = await world.makeClient({ scopes: ['document_read'] })
  const granted = await world.inject({
    method: 'POST',
    url: askToken.first.split(' ')[1] ?? '',
    headers: { ...askToken.headers, authorization: basic(client) },
    payload: askToken.body,
  })
  assertAsShown(granted, token)
  const { access_token, ...rest } = granted.json()
  const { access_token: shortened, ...shown } = JSON.parse(token.body)
  assert.deepEqual(rest, shown)
  assert.ok(access_token.startsWith(shortened.replace('…', '')), shortened)
  const called = await world.inject({
    method: 'GET',
    url: call.first.split(' ')[1] ?? '',
    headers: { ...call.headers, authorization: `Bearer ${access_token}` },
  })
  assertAsShown(called, answer)
  assert.deepEqual(called.json(), JSON.parse(answer.body))
})

test('the front page leads to sign-up, sign-in and the documentation, and runs nothing', async () => {
  const answer = await world.inject({ method: 'GET', url: '/' })
  for (const href of ['/sign-up', '/sign-in', '/docs', '/docs/api'])
    assert.ok(answer.body.includes(`href="${href}"`), href)
  assert.doesNotMatch(answer.body, /<script|\son\w+=|style=/)
  assert.match(String(answer.headers['content-security-policy']), /default-src 'none'/)
})
