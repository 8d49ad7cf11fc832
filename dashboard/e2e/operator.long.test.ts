// Those who run the service: accounts and their approval, APIs and scopes, keys, the audit trail, the state of it all.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { requestToken } from './clients.ts'
import { assertAccessibleInBothThemes, settled } from './look.ts'
import { noBrowser, openStage, type Stage } from './stage.ts'

const skip = noBrowser ?? false
let stage: Stage
before(async () => {
  if (skip) return
  stage = await openStage()
  // A scope that clients have is retired after a warning alone.
  stage.expectComplaint(/status of 409/)
})
after(() => stage?.close())

async function operate() {
  const { page } = await stage.signedIn({ accountId: 'operators', operator: true, name: 'Root' })
  return page
}

test('an account asks for production, an operator approves it, and its member makes a client', {
  skip,
}, async () => {
  const { page: own } = await stage.signedIn({ accountId: 'shop', name: 'Shopkeeper' })
  await stage.world.database.db
    .updateTable('account')
    .set({ production: 'none' })
    .where('id', '=', 'shop')
    .execute()
  const asked = await own.request.post(`${stage.url}/account/production-request`, {
    headers: { origin: stage.url },
    data: { company: '<b>Shop</b> Ltd', purpose: 'To sell\nthings' },
  })
  assert.equal(asked.status(), 201)

  const page = await operate()
  await page.goto(`${stage.url}/operator/production-requests`)
  await page.getByText('<b>Shop</b> Ltd').waitFor()
  await assertAccessibleInBothThemes(page, 'operator-requests')
  await page.getByRole('button', { name: 'Approve', exact: true }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Approve for production' }).click()
  await page.getByText('Nobody waits').waitFor()
  await page.goto(`${stage.url}/operator/accounts`)
  await page.getByRole('link', { name: 'shop', exact: true }).waitFor()
  await assertAccessibleInBothThemes(page, 'operator-accounts')
  await page.getByRole('link', { name: 'shop', exact: true }).click()
  await page.getByRole('heading', { level: 1, name: 'shop' }).waitFor()
  await page.getByText('Approved', { exact: true }).waitFor()
  await assertAccessibleInBothThemes(page, 'operator-account')

  await own.goto(`${stage.url}/production/account/api-clients/new`)
  await own.getByRole('radio', { name: /OAuth/ }).press('Space')
  await own.getByRole('textbox', { name: 'Name' }).fill('Till')
  await own.getByRole('button', { name: 'Create', exact: true }).click()
  await own.getByRole('dialog').getByLabel('Client secret').waitFor()
  const made = await own.request.get(`${stage.url}/account/production/api-clients`)
  assert.deepEqual(
    (await made.json()).items.map(({ name }: { name: string }) => name),
    ['Till'],
  )
})

test('an account gets another name; who comes second sees what the first made of it', { skip }, async () => {
  stage.expectComplaint(/status of 412/)
  await stage.signedIn({ accountId: 'bakery' })
  const page = await operate()
  await page.goto(`${stage.url}/operator/accounts/bakery`)
  await page.getByRole('button', { name: 'Rename' }).click()
  const field = page.getByRole('dialog').getByLabel('Name')
  await field.fill('<b>Bread</b> & Co')
  await stage.world.database.db
    .updateTable('account')
    .set(({ eb }) => ({ name: 'Changed meanwhile', version: eb('version', '+', 1) }))
    .where('id', '=', 'bakery')
    .execute()
  await page.getByRole('button', { name: 'Rename account' }).click()
  await page.getByText('it is called Changed meanwhile now').waitFor()
  assert.equal(await field.inputValue(), '<b>Bread</b> & Co')
  await page.getByRole('button', { name: 'Rename account' }).click()
  await page.getByRole('heading', { level: 1, name: '<b>Bread</b> & Co' }).waitFor()
})

test('an operator registers an API, adds a scope, gives it to an account, deprecates and retires it', {
  skip,
}, async () => {
  const page = await operate()
  await page.goto(`${stage.url}/operator/apis`)
  await page.getByRole('link', { name: 'Account', exact: true }).waitFor()
  await assertAccessibleInBothThemes(page, 'operator-apis')
  await page.getByRole('button', { name: 'Register an API' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Id').fill('orders')
  await dialog.getByLabel('Name').fill('Orders')
  await dialog.getByLabel('Audience in production').fill('https://orders.example')
  await dialog.getByLabel('Audience in test').fill('https://test.orders.example')
  await dialog.getByRole('button', { name: 'Register API' }).click()
  await page.getByRole('heading', { name: 'Orders' }).waitFor()
  await page.getByRole('button', { name: 'Add a scope' }).click()
  await page.getByRole('dialog').getByLabel('Name').fill('orders_read')
  await page.getByRole('dialog').getByLabel('What it allows').fill('Read <i>orders</i>')
  await page.getByRole('radio', { name: 'Accounts that you give it' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Add scope' }).click()
  await page.getByText('Read <i>orders</i>').waitFor()
  await assertAccessibleInBothThemes(page, 'operator-api')

  await page.goto(`${stage.url}/operator/accounts/operators`)
  await page.getByRole('button', { name: 'Grant', exact: true }).click()
  await page.getByRole('button', { name: 'Take orders_read' }).waitFor()
  const client = await stage.world.makeClient({ accountId: 'operators', scopes: ['orders_read'] })

  await page.goto(`${stage.url}/operator/apis/orders`)
  await page.getByRole('button', { name: 'Deprecate orders_read?' }).click()
  await page.getByLabel('What to use instead').fill('Use orders.')
  await page.getByRole('button', { name: 'Deprecate scope' }).click()
  await page.getByText('Deprecated', { exact: true }).waitFor()
  await page.getByRole('button', { name: 'Retire orders_read?' }).click()
  const retire = page.getByRole('button', { name: 'Retire scope' })
  assert.equal(await retire.isDisabled(), true)
  await page.getByLabel('Type orders_read to confirm').fill('orders_read')
  await retire.click()
  await page.getByText('1 client of 1 account would get no token with it').waitFor()
  await assertAccessibleInBothThemes(page, 'operator-retire')
  assert.equal(await requestToken(stage, client, 'orders_read'), 200)
  await retire.click()
  await page.getByText('Retired', { exact: true }).waitFor()
  assert.equal(await requestToken(stage, client, 'orders_read'), 400)
})

test('an operator rotates the key, verifies the trail, and sees the state of the system', {
  skip,
}, async () => {
  const page = await operate()
  await page.goto(`${stage.url}/operator/signing-keys`)
  await page.getByText('Signs now').waitFor()
  await page.getByRole('button', { name: 'Rotate now' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Rotate now' }).click()
  await page.getByText('Signs soon').waitFor()
  const row = page.getByRole('row').filter({ hasText: 'Signs soon' })
  const kid = /key_[0-9a-f-]{36}/.exec((await row.textContent()) ?? '')?.[0] ?? ''
  const { keys }: { keys: { kid: string }[] } = await (await fetch(`${stage.url}/oauth/jwks`)).json()
  assert.ok(keys.some((key) => key.kid === kid))
  await assertAccessibleInBothThemes(page, 'operator-keys')
  stage.world.clock.advance(11 * 60_000)
  const [header = ''] = (await stage.world.token(['document_read'])).split('.')
  assert.equal(JSON.parse(Buffer.from(header, 'base64url').toString()).kid, kid)
  await page.reload()
  await page.getByRole('row').filter({ hasText: kid }).getByText('Signs now').waitFor()
  await page.goto(`${stage.url}/operator/audit`)
  await page.getByRole('button', { name: 'Verify the chain' }).click()
  await page.getByText(/All \d+ entries hold/).waitFor()
  await settled(page)
  await assertAccessibleInBothThemes(page, 'operator-audit')
  await page.goto(`${stage.url}/operator/system`)
  await page.getByText('SQLite, embedded').waitFor()
  await assertAccessibleInBothThemes(page, 'operator-system')
})

test('who does not run the service is told so', { skip }, async () => {
  const { page } = await stage.signedIn({ accountId: 'shop' })
  for (const path of ['accounts', 'apis', 'system', 'audit', 'signing-keys', 'production-requests']) {
    await page.goto(`${stage.url}/operator/${path}`)
    await page.getByText('These pages are for those who run this service').waitFor()
  }
})
