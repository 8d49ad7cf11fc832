// Server and signing process as two real processes.
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { chmodSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { test } from 'node:test'
import { createLocalJWKSet, jwtVerify } from 'jose'
import {
  type Folder,
  makeFolder,
  runCommand,
  startProcess,
  startReady,
  startSigner,
} from '../testing/process.ts'
import { basic } from '../testing/world.ts'
import { createUnixSigner, SignerAway } from './unix-signer.ts'

const requestToken = (url: string, folder: Folder) =>
  fetch(`${url}/oauth/connect/token`, {
    method: 'POST',
    headers: { authorization: basic(folder.demo()), 'content-type': 'application/x-www-form-urlencoded' },
    body: 'grant_type=client_credentials&scope=document_read',
  })

test('the server signs through the process, and has no private key anywhere', async () => {
  const folder = makeFolder()
  const signer = await startSigner(folder.path)
  const settings = { LATCHKEY_SIGNER: `unix://${signer.socket}` }
  const server = await startReady(folder.path, settings)
  const answers = await Promise.all(Array.from({ length: 40 }, () => requestToken(server.url, folder)))
  const jwks = await (await fetch(`${server.url}/oauth/jwks`)).json()
  for (const answer of answers) {
    const { access_token: token } = await answer.json()
    await jwtVerify(String(token), createLocalJWKSet(jwks), { typ: 'at+jwt' })
    const headers = { authorization: `Bearer ${token}` }
    assert.equal((await fetch(`${server.url}/signature/documents`, { headers })).status, 200)
  }
  const [file = ''] = readdirSync(signer.keys)
  assert.equal(file, `${jwks.keys[0].kid}.pem`)
  assert.deepEqual(
    [signer.socket, signer.keys, join(signer.keys, file)].map((path) => statSync(path).mode & 0o777),
    [0o600, 0o700, 0o600],
  )

  server.child.kill('SIGTERM')
  await server.exited
  const stored = readFileSync(join(folder.path, 'main.db')).toString('latin1')
  const { output } = await runCommand(folder.path, ['keys', 'list'], settings)
  assert.match(output, /^key_\S+ {2}ES256 {2}unix {2}signs since /)
  const pem = readFileSync(join(signer.keys, file), 'utf8').split('\n').slice(1, -2).join('')
  const secret = Buffer.from(pem, 'base64').subarray(36, 68)
  for (const encoding of ['base64', 'base64url', 'hex', 'latin1'] as const)
    assert.ok(!stored.includes(secret.toString(encoding)), encoding)
  signer.child.kill('SIGTERM')
  await once(signer.child, 'close')
  folder.remove()
})

test('without the process there is a 503 with Retry-After, and tokens again when it is back; keys stay published', async () => {
  const folder = makeFolder()
  const first = await startSigner(folder.path)
  const server = await startReady(folder.path, { LATCHKEY_SIGNER: `unix://${first.socket}` })
  const { access_token: token } = await (await requestToken(server.url, folder)).json()
  // As it dies: the socket stays behind.
  first.child.kill('SIGKILL')
  await once(first.child, 'close')
  const away = await requestToken(server.url, folder)
  const body = await away.json()
  assert.deepEqual([away.status, body.error, 'access_token' in body], [503, 'temporarily_unavailable', false])
  assert.ok(Number(away.headers.get('retry-after')) > 0)
  const headers = { authorization: `Bearer ${token}` }
  assert.equal((await fetch(`${server.url}/signature/documents`, { headers })).status, 200)
  assert.equal((await (await fetch(`${server.url}/oauth/jwks`)).json()).keys.length, 1)

  const second = await startSigner(folder.path)
  assert.equal((await requestToken(server.url, folder)).status, 200)
  // One that hangs is as good as none.
  second.child.kill('SIGSTOP')
  assert.equal((await requestToken(server.url, folder)).status, 503)
  second.child.kill('SIGCONT')
  assert.equal((await requestToken(server.url, folder)).status, 200)
  second.child.kill('SIGTERM')
  server.child.kill('SIGTERM')
  assert.equal(await server.exited, 0)
  folder.remove()
})

test('a first start without the process ends with a sentence', async () => {
  const folder = makeFolder()
  const server = await startProcess(folder.path, {
    LATCHKEY_SIGNER: `unix://${join(folder.path, 'none.sock')}`,
  })
  assert.equal(await server.exited, 3)
  assert.match(server.output(), /The signing process that LATCHKEY_SIGNER names does not answer/)
  assert.doesNotMatch(server.output(), /\n\s+at /)
  folder.remove()
})

test('a server that had its own key goes over to the process: at its start the next key is published', async () => {
  const folder = makeFolder()
  // The issuer stays the same whatever the port is.
  const issuer = { LATCHKEY_PUBLIC_URL: 'http://127.0.0.1:1' }
  const before = await startReady(folder.path, issuer)
  const { access_token: token } = await (await requestToken(before.url, folder)).json()
  before.child.kill('SIGTERM')
  await before.exited
  const signer = await startSigner(folder.path)
  const server = await startReady(folder.path, { ...issuer, LATCHKEY_SIGNER: `unix://${signer.socket}` })
  const published = async () => (await (await fetch(`${server.url}/oauth/jwks`)).json()).keys.length
  while ((await published()) < 2) await new Promise((resolve) => setTimeout(resolve, 20))
  const headers = { authorization: `Bearer ${token}` }
  assert.equal((await fetch(`${server.url}/signature/documents`, { headers })).status, 200)
  assert.equal(readdirSync(signer.keys).length, 1)
  server.child.kill('SIGTERM')
  signer.child.kill('SIGTERM')
  await server.exited
  folder.remove()
})

test('the process takes no message that is not one, makes no key twice, and signs with its own keys only', async () => {
  const folder = makeFolder()
  const { socket, keys, child } = await startSigner(folder.path)
  for (const bytes of [
    Buffer.from('GET / HTTP/1.1\r\n\r\n'),
    frame('not json'),
    frame('{"number":1,"do":"sign","keyId":"../../etc/passwd","input":"x"}'),
    frame('{"number":1,"do":"export"}'),
  ]) {
    const stranger = connect(socket)
    stranger.write(bytes)
    let answer = ''
    stranger.on('data', (text) => {
      answer += text
    })
    await once(stranger, 'close')
    assert.equal(answer, '')
  }
  const signer = createUnixSigner(socket)
  const key = { algorithm: 'EdDSA' as const, wrappedPrivateKey: '' }
  const { publicJwk } = await signer.generate('key_1', 'EdDSA')
  await assert.rejects(signer.generate('key_1', 'EdDSA'), SignerAway)
  const open = (id: string) => signer.open({ ...key, id, publicJwk: JSON.stringify(publicJwk) })
  assert.equal((await open('key_1').sign('a.b')).length, 64)
  await assert.rejects(async () => open('key_2').sign('a.b'), SignerAway)
  assert.deepEqual(readdirSync(keys), ['key_1.pem'])
  signer.close()
  child.kill('SIGTERM')
  await once(child, 'close')
  folder.remove()
})

test('the process does not start on a folder that others may read, nor beside another one', async () => {
  const folder = makeFolder()
  const { socket, keys, child } = await startSigner(folder.path)
  const words = ['signer', '--socket', socket, '--keys', keys]
  const beside = await runCommand(folder.path, words)
  assert.match(beside.output, /Another process answers at/)
  assert.doesNotMatch(beside.output, /\n\s+at /)
  child.kill('SIGTERM')
  await once(child, 'close')
  chmodSync(keys, 0o755)
  const open = await runCommand(folder.path, words)
  assert.match(open.output, /is open to others than its owner\. Run: chmod 700/)
  assert.deepEqual([beside.code, open.code], [3, 3])
  folder.remove()
})

function frame(text: string): Buffer {
  const head = Buffer.alloc(4)
  head.writeUInt32BE(text.length)
  return Buffer.concat([head, Buffer.from(text)])
}
