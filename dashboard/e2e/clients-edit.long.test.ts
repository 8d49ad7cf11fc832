// Editing an API client: from a refusal, against a colleague, without a connection.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { assertAccessibleInBothThemes, assertFitsNarrow } from './look.ts'
import { repairRefusal } from './repair.ts'
import { noBrowser, openStage, type Stage } from './stage.ts'

const skip = noBrowser ?? false
let stage: Stage
before(async () => {
  if (skip) return
  stage = await openStage()
  stage.expectComplaint(/status of 4(12|22)/)
  stage.expectComplaint(/ERR_INTERNET_DISCONNECTED/)
})
after(() => stage?.close())

test('a refused call is mended in four steps: its link, Save, the call again', { skip }, async (context) => {
  const interactions = await repairRefusal(stage, async (page) => {
    await page.getByText('The refused call needs this scope.').waitFor()
    await page.getByText('+ event').waitFor()
    await assertAccessibleInBothThemes(page, 'client-edit-suggested')
    await assertFitsNarrow(page)
  })
  context.diagnostic(`from a 403 to 200: ${interactions} interactions`)
  assert.ok(interactions <= 4)
})

test('two members save the same client: the second sees what changed, and loses nothing', {
  skip,
}, async () => {
  const { page } = await stage.signedIn({ accountId: 'acme', role: 'developer' })
  const { member: colleague } = await stage.signedIn({ accountId: 'acme', name: 'Grace Hopper' })
  const { clientId } = await stage.world.makeClient({ scopes: ['document_read', 'event'] })
  await page.goto(`${stage.url}/test/account/api-clients/${clientId}/edit?advanced=1`)
  await page.getByRole('textbox', { name: 'Name' }).fill('Mine')
  await page.getByRole('textbox', { name: 'Description' }).fill('Typed by me')
  await page.getByRole('checkbox', { name: 'document_write' }).check()

  const url = `/account/test/api-clients/${clientId}`
  const seen = await colleague.call('GET', url)
  const theirs = { name: 'Theirs', scopes: ['document_read'], tokenLifetimeSeconds: 600 }
  assert.equal((await colleague.call('PATCH', url, theirs, { 'if-match': seen.etag })).status, 200)

  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByText('Somebody changed this client meanwhile').waitFor()
  await page.getByText('Grace Hopper changed it').waitFor()
  await page.getByText('Token lifetime: 3600 → 600').waitFor()
  await page.getByText('You both changed Name. Saving on top sets it to Mine.').waitFor()
  assert.equal(await page.getByRole('textbox', { name: 'Name' }).inputValue(), 'Mine')
  assert.equal(await page.getByRole('textbox', { name: 'Token lifetime' }).inputValue(), '600')
  assert.ok(!(await page.getByRole('checkbox', { name: 'event' }).isChecked()))
  await assertAccessibleInBothThemes(page, 'client-edit-conflict')
  await assertFitsNarrow(page)
  await page.getByRole('button', { name: 'Save on top' }).click()
  await page.getByText(/^Saved\./).waitFor()
  const { name, description, scopes, tokenLifetimeSeconds } = (await colleague.call('GET', url)).body
  assert.deepEqual(
    { name, description, scopes: scopes.toSorted(), tokenLifetimeSeconds },
    {
      name: 'Mine',
      description: 'Typed by me',
      scopes: ['document_read', 'document_write'],
      tokenLifetimeSeconds: 600,
    },
  )
})

test('without a connection in the middle of a save nothing that was typed is lost', { skip }, async () => {
  const { page, member } = await stage.signedIn({ accountId: 'acme' })
  const { clientId } = await stage.world.makeClient({})
  await page.goto(`${stage.url}/test/account/api-clients/${clientId}/edit`)
  await page.getByRole('textbox', { name: 'Name' }).fill('Typed in a train')
  await page.context().setOffline(true)
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByText('The server cannot be reached.').waitFor()
  assert.equal(await page.getByRole('textbox', { name: 'Name' }).inputValue(), 'Typed in a train')
  await page.context().setOffline(false)
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByText(/^Saved\./).waitFor()
  assert.equal(
    (await member.call('GET', `/account/test/api-clients/${clientId}`)).body.name,
    'Typed in a train',
  )
})

test('a scope that vanished meanwhile is named at its place, and the rest stays typed', {
  skip,
}, async () => {
  const { member: operator } = await stage.signedIn({ accountId: 'operators', operator: true })
  const { page } = await stage.signedIn({ accountId: 'acme' })
  const { clientId } = await stage.world.makeClient({ scopes: ['document_read'] })
  const api = {
    id: 'orders',
    name: 'Orders',
    audiences: { test: 'https://orders.test', production: 'https://orders.example' },
    scopes: [{ name: 'orders_read', description: 'Read orders' }],
  }
  assert.equal((await operator.call('POST', '/account/apis', api)).status, 201)
  await page.goto(`${stage.url}/test/account/api-clients/${clientId}/edit?advanced=1`)
  await page.getByRole('textbox', { name: 'Name' }).fill('Order service')
  await page.getByRole('checkbox', { name: 'orders_read' }).check()
  await page.getByRole('checkbox', { name: 'document_write' }).check()

  const found = await operator.call('GET', '/account/apis/orders')
  const gone = await operator.call('DELETE', '/account/apis/orders', undefined, { 'if-match': found.etag })
  assert.ok(gone.status < 300, gone.text)

  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByRole('link', { name: /The scope orders_read is unknown/ }).click()
  const box = page.getByRole('checkbox', { name: 'orders_read' })
  assert.ok(await box.evaluate((element) => element === document.activeElement))
  await page.getByText('No longer in the catalogue').waitFor()
  assert.equal(await page.getByRole('textbox', { name: 'Name' }).inputValue(), 'Order service')
  assert.ok(await page.getByRole('checkbox', { name: 'document_write' }).isChecked())
  await assertAccessibleInBothThemes(page, 'client-edit-vanished')
  await box.uncheck()
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByText(/^Saved\./).waitFor()
})

test('who leaves with something unsaved is asked', { skip }, async () => {
  const { page } = await stage.signedIn({ accountId: 'acme' })
  const { clientId } = await stage.world.makeClient({})
  await page.goto(`${stage.url}/test/account/api-clients/${clientId}/edit`)
  await page.getByRole('textbox', { name: 'Name' }).fill('Half typed')
  await page.getByRole('link', { name: 'Members' }).click()
  await page.getByRole('dialog', { name: 'Leave without saving?' }).waitFor()
  await assertAccessibleInBothThemes(page, 'client-edit-leave')
  await page.getByRole('button', { name: 'Stay here' }).click()
  assert.equal(await page.getByRole('textbox', { name: 'Name' }).inputValue(), 'Half typed')
  await page.getByRole('link', { name: 'Cancel' }).click()
  await page.getByRole('button', { name: 'Leave and lose it' }).click()
  await page.getByRole('heading', { name: 'Test client' }).waitFor()
})
