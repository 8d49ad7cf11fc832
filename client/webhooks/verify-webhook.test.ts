// Checked against the reference implementation of Standard Webhooks.
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { Webhook } from 'standardwebhooks'
import { type ReceivedWebhook, verifyWebhook, WebhookError } from './verify-webhook.ts'

const makeSecret = () => `whsec_${randomBytes(32).toString('base64')}`
const secret = makeSecret()
const sentAt = new Date('2026-11-24T12:00:00Z')
const now = () => sentAt.getTime()
const body = '{"type":"document.created","data":{"name":"Vertrag ü.pdf"}}'

function sign(by: string = secret, id = 'msg_1'): Record<string, string> {
  return {
    'webhook-id': id,
    'webhook-timestamp': String(sentAt.getTime() / 1000),
    'webhook-signature': new Webhook(by).sign(id, sentAt, body),
  }
}

const genuine: ReceivedWebhook = { body, headers: sign(), secret, now }
const [version, signature] =
  (genuine.headers as Record<string, string>)['webhook-signature']?.split(',') ?? []

for (const [name, change] of [
  ['as text', {}],
  ['as bytes', { body: new TextEncoder().encode(body) }],
  ['with Headers', { headers: new Headers(sign()) }],
  [
    'with headers in other letters',
    { headers: Object.fromEntries(Object.entries(sign()).map(([key, value]) => [key.toUpperCase(), value])) },
  ],
  ['with a secret without prefix', { secret: secret.replace('whsec_', '') }],
  ['signed by the old secret while it is rotated', { secret: [makeSecret(), secret] }],
  [
    'with several signatures',
    {
      headers: {
        ...sign(),
        'webhook-signature': `v1a,xyz ${sign(makeSecret())['webhook-signature']} ${sign()['webhook-signature']}`,
      },
    },
  ],
  ['300 seconds old', { now: () => now() + 300_000 }],
  ['300 seconds ahead', { now: () => now() - 300_000 }],
  ['older, where that is allowed', { now: () => now() + 900_000, toleranceSeconds: 900 }],
] satisfies [string, Partial<ReceivedWebhook>][]) {
  test(`a webhook ${name} is genuine`, async () => {
    assert.deepEqual(await verifyWebhook({ ...genuine, ...change }), {
      id: 'msg_1',
      sentAt,
      payload: JSON.parse(body),
    })
  })
}

for (const [name, change] of [
  ['of another body', { body: body.replace('created', 'deleted') }],
  ['with a space more', { body: `${body} ` }],
  ['without body', { body: '' }],
  ['of another id', { headers: { ...sign(), 'webhook-id': 'msg_2' } }],
  ['of another time', { headers: { ...sign(), 'webhook-timestamp': String(sentAt.getTime() / 1000 + 1) } }],
  ['without id', { headers: { ...sign(), 'webhook-id': undefined } }],
  ['without time', { headers: { ...sign(), 'webhook-timestamp': undefined } }],
  ['without signature', { headers: { ...sign(), 'webhook-signature': undefined } }],
  ['with two ids', { headers: { ...sign(), 'webhook-id': ['msg_1', 'msg_1'] } }],
  ['with a time that is a word', { headers: { ...sign(), 'webhook-timestamp': 'now' } }],
  ['with a time like NaN', { headers: { ...sign(), 'webhook-timestamp': '1e400' } }],
  ['of another secret', { secret: makeSecret() }],
  ['of no secret', { secret: [] }],
  ['of another version', { headers: { ...sign(), 'webhook-signature': `v2,${signature}` } }],
  [
    'with half a signature',
    { headers: { ...sign(), 'webhook-signature': `${version},${signature?.slice(0, 20)}` } },
  ],
  ['with an empty signature', { headers: { ...sign(), 'webhook-signature': 'v1,' } }],
  ['301 seconds old', { now: () => now() + 301_000 }],
  ['301 seconds ahead', { now: () => now() - 301_000 }],
] satisfies [string, Partial<ReceivedWebhook>][]) {
  test(`a webhook ${name} is refused`, () =>
    assert.rejects(verifyWebhook({ ...genuine, ...change }), WebhookError))
}

test('every changed character of the signature is noticed', async () => {
  const text = signature ?? ''
  for (let place = 0; place < text.length - 2; place += 1) {
    const changed = `${text.slice(0, place)}${text[place] === 'A' ? 'B' : 'A'}${text.slice(place + 1)}`
    const headers = { ...sign(), 'webhook-signature': `v1,${changed}` }
    await assert.rejects(verifyWebhook({ ...genuine, headers }), WebhookError)
  }
})

test('a genuine body that is not JSON says so, and a secret that is none is a mistake of the caller', async () => {
  const headers = { ...sign(), 'webhook-signature': new Webhook(secret).sign('msg_1', sentAt, 'hello') }
  await assert.rejects(verifyWebhook({ ...genuine, headers, body: 'hello' }), /not JSON/)
  await assert.rejects(verifyWebhook({ ...genuine, secret: 'my secret!' }), (error: Error) => {
    assert.ok(error instanceof TypeError && !error.message.includes('my secret'))
    return true
  })
})
