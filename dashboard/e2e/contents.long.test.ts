// Signature, Identification, Events: what the APIs hold.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { assertAccessibleInBothThemes } from './look.ts'
import { noBrowser, openStage, type Stage } from './stage.ts'
import { call, getToken } from './traffic.ts'

const skip = noBrowser ?? false
let stage: Stage
before(async () => {
  if (!skip) stage = await openStage()
})
after(() => stage?.close())

const fileName = '<b>contract.pdf'

async function upload(token: string): Promise<string> {
  const body = new FormData()
  body.set('file', new File(['%PDF-1.7\n%%EOF\n'], fileName, { type: 'application/pdf' }))
  const answer = await call(stage, token, '/signature/documents', { method: 'POST', body })
  assert.equal(answer.status, 201)
  return String(answer.body.id)
}

for (const [path, title, scope, command] of [
  ['signature', 'No documents yet', 'document_write', '/signature/documents'],
  ['identification', 'No identifications yet', 'identify', '/identification/sessions'],
  ['events', 'No events yet', 'event', '/notification/events'],
] as const)
  test(`${path} without anything says how the first comes`, { skip }, async () => {
    const { page } = await stage.signedIn({ accountId: 'empty-handed' })
    await page.goto(`${stage.url}/test/${path}`)
    await page.getByRole('heading', { name: title }).waitFor()
    const code = await page.getByRole('region', { name: 'Command' }).textContent()
    assert.match(code ?? '', new RegExp(`scope=${scope}[^]*${command}`))
    assert.equal(await page.getByRole('link', { name: 'API reference' }).getAttribute('href'), '/docs/api')
    await assertAccessibleInBothThemes(page, `${path}-empty`)
    await page.getByRole('link', { name: `Choose a client with ${scope}` }).click()
    await page.waitForURL(`${stage.url}/test/account/api-clients`)
  })

test('a member looks at a document, its event and an identification', { skip }, async () => {
  const accountId = 'holding'
  const client = await stage.world.makeClient({ accountId })
  const token = await getToken(stage, client, 'document_write identify')
  const documentId = await upload(token)
  const begun = await call(stage, token, '/identification/sessions', { method: 'POST' })
  assert.equal(begun.status, 201)
  const { page } = await stage.signedIn({ accountId, role: 'viewer' })
  await page.goto(`${stage.url}/test/signature`)
  await page.getByRole('link', { name: fileName }).waitFor()
  await assertAccessibleInBothThemes(page, 'signature')
  await page.getByRole('link', { name: fileName }).click()
  await page.waitForURL(`${stage.url}/test/signature/${documentId}`)
  await page.getByRole('heading', { name: fileName }).waitFor()
  assert.equal(await page.locator('main b').count(), 0)
  await page.getByText('15 bytes').waitFor()
  await assertAccessibleInBothThemes(page, 'signature-document')

  await page.getByRole('link', { name: 'Events' }).first().click()
  await page.getByRole('link', { name: 'document.created' }).click()
  await page.getByRole('region', { name: 'Data' }).getByText(documentId).waitFor()
  await assertAccessibleInBothThemes(page, 'events-event')
  await page.getByRole('link', { name: 'All of Events' }).click()
  await page.getByRole('table', { name: 'Events' }).waitFor()
  await assertAccessibleInBothThemes(page, 'events')

  await page.getByRole('link', { name: 'Identification' }).first().click()
  await page.getByRole('table', { name: 'Identification' }).waitFor()
  await assertAccessibleInBothThemes(page, 'identification')
  await page.getByRole('link', { name: String(begun.body.id) }).click()
  await page.waitForURL(`${stage.url}/test/identification/${begun.body.id}`)
  await page.getByText('Begun', { exact: true }).waitFor()
  await assertAccessibleInBothThemes(page, 'identification-one')
})

test('what belongs to another account is not there', { skip }, async () => {
  stage.expectComplaint(/404/)
  const client = await stage.world.makeClient({ accountId: 'foreign' })
  const documentId = await upload(await getToken(stage, client, 'document_write'))
  const { page } = await stage.signedIn({ accountId: 'empty-handed' })
  await page.goto(`${stage.url}/test/signature/${documentId}`)
  await page.getByRole('heading', { name: 'There is no such thing in this environment' }).waitFor()
  await page.getByRole('link', { name: 'All of Signature' }).last().click()
  await page.getByRole('heading', { name: 'No documents yet' }).waitFor()
})
