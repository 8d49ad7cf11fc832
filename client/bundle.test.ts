// What goes into other people's programs: how much it is, and what it needs around it.
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { createContext, runInContext } from 'node:vm'
import { gzipSync } from 'node:zlib'
import { rolldown } from 'rolldown'
import { createStand } from './testing/stand.ts'

const stand = await createStand()
after(() => stand.close())

/** Loaded only when a file or a store is named. */
const onDemand = /^node:|shared-token/

async function bundle(entry: string) {
  const input = `client/${entry}`
  const bundler = await rolldown({ input, platform: 'neutral', external: onDemand })
  const { output } = await bundler.generate({ format: 'esm', minify: true })
  const [{ code, imports }, ...others] = output
  assert.deepEqual(others, [], 'one file')
  return { imports, bytes: gzipSync(code, { level: 9 }).length }
}

for (const [entry, limitBytes] of [
  ['index.ts', 8000],
  ['store/shared-token.ts', 2000],
  ['keys/private-key-jwt.ts', 2000],
  ['keys/dpop-key.ts', 2000],
  ['webhooks/verify-webhook.ts', 2000],
  ['operations/operations.ts', 3000],
  ['adapters/axios.ts', 2000],
  ['adapters/undici.ts', 2000],
  ['adapters/opentelemetry.ts', 1000],
] as const) {
  test(`${entry} is at most ${limitBytes} bytes (gzip), and imports nothing of Node's when it loads`, async () => {
    const { imports, bytes } = await bundle(entry)
    assert.ok(bytes <= limitBytes, `${bytes} bytes`)
    assert.deepEqual(imports, [])
  })
}

test('of the operations only what is used stays', async () => {
  const [all, one] = await Promise.all([
    bundle('operations/operations.ts'),
    bundle('operations/notification.ts'),
  ])
  assert.ok(one.bytes < all.bytes * 0.75, `${one.bytes} of ${all.bytes} bytes`)
})

test('the core runs where there is no process: with the objects of the web alone', async () => {
  const bundler = await rolldown({ input: 'client/index.ts', platform: 'neutral', external: /^node:/ })
  const { output } = await bundler.generate({ format: 'iife', name: 'sdk', codeSplitting: false })
  const web = { AbortController, AbortSignal, Blob, DOMException, FormData, Headers, Request, Response, URL }
  const rest = { URLSearchParams, TextEncoder, TextDecoder, atob, btoa, clearTimeout, console, crypto, fetch }
  const context = createContext({
    ...web,
    ...rest,
    performance,
    setTimeout,
    settings: await stand.settings(),
  })
  const program = `${output[0].code};
    const api = sdk.createClient(settings)
    api.fetch('/signature/documents').then(async (answer) => [answer.status, (await answer.json()).items, typeof process])`
  assert.equal(JSON.stringify(await runInContext(program, context)), '[200,[],"undefined"]')
})
