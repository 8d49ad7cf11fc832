// What few clients need: keys, networks, lifetimes; and what the dashboard says of those that ask too often.
import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { after, before, test } from 'node:test'
import { until } from '../../server/testing/until.ts'
import { assertAccessibleInBothThemes, assertFitsNarrow } from './look.ts'
import { noBrowser, openStage, type Stage } from './stage.ts'

const skip = noBrowser ?? false
let stage: Stage
before(async () => {
  if (skip) return
  stage = await openStage()
  stage.expectComplaint(/status of 422/)
})
after(() => stage?.close())

test('a client gets a key of its own, and what is wrong is said at its field', { skip }, async () => {
  const { page, member } = await stage.signedIn({ accountId: 'acme' })
  const { clientId } = await stage.world.makeClient({ scopes: ['event'] })
  const address = `${stage.url}/test/account/api-clients/${clientId}`
  await page.goto(`${address}?tab=keys`)
  await page.getByText('This client has no keys and no certificate').waitFor()
  await assertAccessibleInBothThemes(page, 'keys-empty')
  await page.getByRole('link', { name: 'Set keys' }).click()
  await page.getByRole('radio', { name: 'In a key set, here' }).check()
  await page.getByRole('textbox', { name: 'Key set' }).fill('{"keys":[]}')
  await page.getByRole('textbox', { name: 'Token lifetime' }).fill('a day')
  await page.getByRole('checkbox', { name: 'private_key_jwt' }).check()
  await page.getByRole('checkbox', { name: 'tls_client_auth', exact: true }).check()
  await page.getByRole('textbox', { name: 'The name in it' }).fill('client.example')
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByText('2 things have to be mended:').waitFor()
  await assertAccessibleInBothThemes(page, 'client-edit-errors')
  await assertFitsNarrow(page)
  await page.getByRole('link', { name: /Key set: this is no JSON Web Key Set/ }).click()
  const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const key = { ...publicKey.export({ format: 'jwk' }), kid: 'of-2026', alg: 'ES256', use: 'sig' }
  await page.keyboard.press('Control+a')
  await page.keyboard.insertText(JSON.stringify({ keys: [key] }))
  await page.getByRole('textbox', { name: 'Token lifetime' }).fill('900')
  await page.getByRole('textbox', { name: 'Allowed networks' }).fill('127.0.0.0/8\n10.0.0.0/33')
  await page.getByRole('textbox', { name: 'The name in it' }).fill('')
  await page.getByRole('checkbox', { name: 'tls_client_auth', exact: true }).uncheck()
  await page.getByRole('button', { name: 'Save' }).click()
  await page
    .getByRole('link', { name: /^Allowed networks, line 2: the length of such a range is 32 at most/ })
    .waitFor()
  await page.getByRole('textbox', { name: 'Allowed networks' }).fill('127.0.0.0/8')
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByText('Saved. In effect.').waitFor()
  const { body } = await member.call('GET', `/account/test/api-clients/${clientId}`)
  assert.deepEqual(
    [
      body.tokenLifetimeSeconds,
      body.allowedNetworks,
      body.authenticationMethods.toSorted(),
      body.jwks.keys[0].kid,
    ],
    [900, ['127.0.0.0/8'], ['client_secret_basic', 'private_key_jwt'], 'of-2026'],
  )
  await page.getByRole('tab', { name: 'Keys' }).click()
  await page.getByRole('row', { name: 'of-2026 EC P-256 ES256 sig' }).waitFor()
  await assertAccessibleInBothThemes(page, 'keys')
  await assertFitsNarrow(page)
})

test('who asks for a token per call is told, with the code that mends it', { skip }, async () => {
  const { page, member } = await stage.signedIn({ accountId: 'acme' })
  const client = await stage.world.makeClient({ scopes: ['document_read'] })
  for (let count = 0; count < 24; count += 1) {
    const token = await stage.world.token(['document_read'], client)
    const headers = { authorization: `Bearer ${token}` }
    assert.equal((await stage.world.inject({ url: '/signature/documents', headers })).statusCode, 200)
  }
  const reuse = `/account/test/reuse?clientId=${client.clientId}`
  await until(
    async () => (await member.call('GET', reuse)).body.items[0]?.apiCalls === 24 || undefined,
    'verdict',
  )
  await page.goto(`${stage.url}/test/account/api-clients/${client.clientId}`)
  await page.getByText('100 of 100: your code asks for a token per call.').waitFor()
  const code = page.getByRole('region', { name: 'With the SDK' })
  assert.match((await code.textContent()) ?? '', /createClient/)
  await assertAccessibleInBothThemes(page, 'client-poor-reuse')
  await assertFitsNarrow(page)
  await page.goto(`${stage.url}/test/account/api-clients?search=${client.clientId}`)
  await page.getByRole('cell', { name: 'Poor' }).waitFor()
})

test('a scope that is deprecated, granted or reserved says so, and why it cannot be had', {
  skip,
}, async () => {
  const { member: operator } = await stage.signedIn({ accountId: 'operators', operator: true })
  const { page } = await stage.signedIn({ accountId: 'acme', role: 'developer' })
  const scopes = [
    { name: 'orders_read', description: 'Read orders' },
    { name: 'orders_old', description: 'Read orders as before' },
    { name: 'orders_all', description: 'Read the orders of everybody', access: 'granted' },
  ]
  const audiences = { test: 'https://orders.test', production: 'https://orders.example' }
  const made = await operator.call('POST', '/account/apis', {
    id: 'orders',
    name: 'Orders',
    audiences,
    scopes,
  })
  assert.equal(made.status, 201)
  const { clientId } = await stage.world.makeClient({ scopes: ['document_read'] })
  const held = await stage.world.makeClient({ scopes: ['orders_old'] })
  const old = '/account/apis/orders/scopes/orders_old/deprecate'
  const note = { note: 'Use orders_read.' }
  assert.equal((await operator.call('POST', old, note, { 'if-match': made.etag })).status, 200)

  await page.goto(`${stage.url}/test/account/api-clients/${clientId}/edit?advanced=1`)
  await page.getByRole('searchbox', { name: 'Search by scope, endpoint or API' }).fill('orders')
  for (const [name, why] of [
    ['orders_old', /clients that have it may keep it, none gets it any more/],
    ['orders_all', /gives this scope to single accounts/],
  ] as const) {
    assert.ok(await page.getByRole('checkbox', { name }).isDisabled())
    await page.getByText(why).waitFor()
  }
  await page.getByRole('checkbox', { name: 'orders_read' }).check()
  await page.getByText('+ orders_read').waitFor()
  await page.getByRole('searchbox', { name: 'Search by scope, endpoint or API' }).fill('')
  assert.ok(await page.getByRole('checkbox', { name: 'account_read' }).isDisabled())
  await page.getByRole('checkbox', { name: 'All of Signature' }).check()
  await page.getByText('+ document_write').waitFor()
  await page.getByText('3 of 3 selected').waitFor()
  await assertAccessibleInBothThemes(page, 'client-edit-scopes')
  // Who has it may give it back, and take it again while it is not saved.
  await page.goto(`${stage.url}/test/account/api-clients/${held.clientId}`)
  await page.getByText(/These will be retired: orders_old \(Use orders_read\.\)/).waitFor()
  await page.getByRole('link', { name: 'Choose scopes' }).click()
  await page.getByRole('checkbox', { name: 'orders_old' }).uncheck()
  await page.getByText('− orders_old').waitFor()
  await page.getByRole('checkbox', { name: 'orders_old' }).check()
  await page.getByText('Nothing was changed yet.').first().waitFor()
})
