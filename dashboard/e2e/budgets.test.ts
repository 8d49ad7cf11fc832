// What a first look costs, and what the page may do: bytes of script, and the policy of the page.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Page } from 'playwright-core'
import { settled } from './look.ts'
import { noBrowser, openStage, type Stage } from './stage.ts'

const skip = noBrowser ?? false
let stage: Stage
before(async () => {
  if (!skip) stage = await openStage()
})
after(() => stage?.close())

/** What somebody loads who comes for the first time; the frame of a signed-in member may take more. */
const firstRouteBytes = 200 * 1024
const signedInBytes = 290 * 1024

/** The bytes of all scripts that come over the wire until the page is there. */
async function scriptBytes(page: Page, url: string): Promise<number> {
  const session = await page.context().newCDPSession(page)
  await session.send('Network.enable')
  const scripts = new Set<string>()
  let bytes = 0
  session.on('Network.responseReceived', ({ requestId, type }) => {
    if (type === 'Script') scripts.add(requestId)
  })
  session.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    if (scripts.has(requestId)) bytes += encodedDataLength
  })
  await page.goto(url)
  await settled(page)
  await session.detach()
  return bytes
}

for (const [name, path, isSignedIn] of [
  ['the sign-up page', '/sign-up', false],
  ['Home', '/test/home', true],
] as const)
  test(`the script of ${name} keeps to its budget`, { skip }, async (context) => {
    const page = isSignedIn ? (await stage.signedIn()).page : await stage.newPage()
    const bytes = await scriptBytes(page, stage.url + path)
    context.diagnostic(`${name}: ${Math.round(bytes / 1024)} kB of script`)
    const budget = isSignedIn ? signedInBytes : firstRouteBytes
    assert.ok(bytes > 10_000 && bytes <= budget, `${bytes} of ${budget}`)
  })

test('the page lets in its own scripts alone, and nobody frames it', { skip }, async () => {
  const answer = await fetch(`${stage.url}/test/account/api-clients`)
  const policy = answer.headers.get('content-security-policy') ?? ''
  assert.doesNotMatch(policy, /unsafe|\*|https?:/)
  for (const part of ["default-src 'none'", "script-src 'self'", "frame-ancestors 'none'", "base-uri 'none'"])
    assert.ok(policy.includes(part), policy)
  assert.equal(answer.headers.get('referrer-policy'), 'no-referrer')
  assert.equal(answer.headers.get('cache-control'), 'no-store')
  const page = await answer.text()
  assert.doesNotMatch(page, /<script(?![^>]*\bsrc=)/, 'no script stands in the page')
  assert.doesNotMatch(page, /LATCHKEY_NONCE/)
  const [script = ''] = /\/dashboard\/assets\/[\w.-]+\.js/.exec(page) ?? []
  const asset = await fetch(stage.url + script)
  assert.match(asset.headers.get('cache-control') ?? '', /immutable/)
  assert.match(asset.headers.get('content-encoding') ?? '', /^(br|gzip)$/)
})

test('a foreign page that frames the dashboard shows nothing of it', { skip }, async () => {
  stage.expectComplaint(/frame-ancestors|ERR_BLOCKED_BY_RESPONSE|Refused to frame|Framing/)
  const { page } = await stage.signedIn()
  // Another origin by its name alone, so that nothing is asked of anybody else.
  const other = stage.url.replace('127.0.0.1', 'localhost')
  await page.goto(`${other}/docs`)
  stage.expectComplaint(/localhost/)
  await page.evaluate((url) => {
    const frame = document.createElement('iframe')
    frame.src = url
    document.body.append(frame)
    return new Promise((resolve) => frame.addEventListener('load', resolve))
  }, `${stage.url}/test/home`)
  const [, frame] = page.frames()
  assert.ok(frame)
  // The browser's own page, that says that it was refused.
  assert.match(frame.url(), /^chrome-error:/)
})

test('whoever is signed out gets the same page for every address, whatever it names', { skip }, async () => {
  const { clientId } = await stage.world.makeClient()
  const addresses = [
    `/test/account/api-clients/${clientId}/edit?advanced=1&scope=document_write`,
    '/test/account/api-clients/test-no-such-client-1/edit',
    '/production/account/members',
    '/operator/accounts/nobody',
  ]
  const texts = await Promise.all(
    addresses.map(async (address) => {
      const answer = await fetch(stage.url + address)
      return `${answer.status} ${(await answer.text()).replace(/nonce="[^"]+"/g, '')}`
    }),
  )
  assert.equal(new Set(texts).size, 1)
})
