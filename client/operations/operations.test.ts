import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, beforeEach, test } from 'node:test'
import { InsufficientScopeError, TokenRefusedError } from '../errors.ts'
import { tokenPath } from '../testing/fault-proxy.ts'
import { createStand } from '../testing/stand.ts'
import { ApiError, withOperations } from './operations.ts'

const stand = await createStand()
const { proxy } = stand
beforeEach(() => proxy.reset())
after(() => stand.close())

const scopes = ['document_read', 'document_write', 'document_file', 'event', 'identify']
const pdf = new TextEncoder().encode('%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n')

async function connect(wanted = scopes) {
  const { api } = await stand.client({ scopes: wanted }, { scopes: wanted })
  return withOperations(api)
}

test('a document is uploaded, found, read and downloaded byte for byte', async () => {
  const { signature, notification } = await connect()
  const created = await signature.documents.create({ file: pdf, name: 'Vertrag ü.pdf' })
  assert.deepEqual(
    [created.name, created.status, created.sizeBytes],
    ['Vertrag ü.pdf', 'unsigned', pdf.length],
  )
  assert.deepEqual(await signature.documents.get(created.id), created)
  assert.deepEqual((await signature.documents.list({ limit: 1 })).items, [created])
  const download = await signature.documents.download(created.id)
  assert.deepEqual(new Uint8Array(await download.arrayBuffer()), pdf)
  const { items } = await notification.events.list({ limit: 1 })
  assert.deepEqual([items[0]?.type, items[0]?.data.documentId], ['document.created', created.id])
})

for (const [form, file, name] of [
  ['a File', new File([pdf], 'own.pdf'), 'own.pdf'],
  ['a Blob', new Blob([pdf]), 'document.pdf'],
  ['a buffer', pdf.buffer, 'document.pdf'],
] as const) {
  test(`a document may be ${form}, and is sent again whole after a 401`, async () => {
    const { signature } = await connect()
    proxy.fault = ({ path }) =>
      path !== tokenPath && proxy.apiCalls() === 1 ? { answer: { status: 401 } } : undefined
    const document = await signature.documents.create({ file })
    assert.deepEqual([document.name, document.sizeBytes, proxy.apiCalls()], [name, pdf.length, 2])
  })
}

test('all walks over every page, and no further than asked', async () => {
  const { identification } = await connect()
  const ids: string[] = []
  for (let count = 0; count < 5; count += 1) ids.unshift((await identification.sessions.create()).id)
  proxy.reset()
  const found = []
  for await (const { id } of identification.sessions.all({ limit: 2 })) found.push(id)
  // Other tests use the same account.
  assert.deepEqual(found.slice(0, 5), ids)
  assert.ok(proxy.apiCalls() >= 3)
  proxy.reset()
  for await (const { id } of identification.sessions.all({ limit: 2 })) if (id === ids[1]) break
  assert.equal(proxy.apiCalls(), 1)
})

test('a session is made with a lifetime of its own', async () => {
  const { identification } = await connect()
  const session = await identification.sessions.create({ expiresInSeconds: 60 })
  assert.equal(Date.parse(session.expiresAt) - Date.parse(session.createdAt), 60_000)
  assert.deepEqual(await identification.sessions.get(session.id), session)
})

test('refusals are typed errors', async () => {
  const { signature, identification, notification } = await connect([
    'document_read',
    'document_write',
    'event',
  ])
  const missing = await signature.documents.get('doc_none').catch((error: unknown) => error)
  assert.ok(missing instanceof ApiError)
  assert.deepEqual([missing.status, missing.code], [404, 'not_found'])
  assert.match(
    missing.message,
    /^404 not_found\. There is no such document .*\/docs\/errors\/not_found, req_/,
  )
  await assert.rejects(signature.documents.create({ file: new Blob(['no pdf']) }), {
    code: 'invalid_document',
  })
  await assert.rejects(notification.events.list({ cursor: 'wrong' }), { code: 'invalid_cursor', status: 400 })
  await assert.rejects(identification.sessions.list(), InsufficientScopeError)
  proxy.fault = ({ path }) => (path === tokenPath ? undefined : { answer: { status: 502, body: '<html>' } })
  await assert.rejects(notification.events.list(), { status: 502, code: undefined })
  proxy.fault = ({ path }) => (path === tokenPath ? undefined : { answer: { status: 401 } })
  await assert.rejects(notification.events.list(), TokenRefusedError)
})

for (const id of ['', '.', '..'])
  test(`the id ${JSON.stringify(id)} would be another operation, and nothing is sent`, async () => {
    const { signature, identification } = await connect()
    await assert.rejects(signature.documents.get(id), TypeError)
    await assert.rejects(signature.documents.download(id), TypeError)
    await assert.rejects(identification.sessions.get(id), TypeError)
    assert.equal(proxy.seen.length, 0)
  })

test('an id stays one part of the path, whatever is in it', async () => {
  const { signature } = await connect()
  await assert.rejects(signature.documents.get('../identification/sessions?x#y'), { status: 404 })
  assert.equal(proxy.seen.at(-1)?.path, '/signature/documents/..%2Fidentification%2Fsessions%3Fx%23y')
})

test('an abort ends an operation', async () => {
  const { signature } = await connect()
  const signal = AbortSignal.abort()
  await assert.rejects(signature.documents.list({ signal }), { name: 'AbortError' })
  await assert.rejects(signature.documents.create({ file: pdf, signal }), { name: 'AbortError' })
  assert.equal(proxy.seen.length, 0)
})

test('every operation of the three APIs is there', async () => {
  const { signature, notification, identification } = await connect()
  const { documents } = signature
  const { sessions } = identification
  const document = await documents.create({ file: pdf })
  const session = await sessions.create()
  await Promise.all([documents.list(), documents.get(document.id), documents.download(document.id)])
  await Promise.all([notification.events.list(), sessions.list(), sessions.get(session.id)])
  const called = proxy.seen
    .filter(({ path }) => path !== tokenPath)
    .map(
      ({ method, path }) =>
        `${method} ${path.replace(document.id, '{documentId}').replace(session.id, '{sessionId}')}`,
    )
  const { paths }: { paths: Record<string, object> } = JSON.parse(readFileSync('openapi.json', 'utf8'))
  const described = Object.entries(paths)
    .filter(([path]) => /^\/(signature|notification|identification)\//.test(path))
    .flatMap(([path, methods]) => Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`))
  assert.deepEqual(called.sort(), described.sort())
})
