import assert from 'node:assert/strict'
import { createServer, type RequestListener, type Server } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { after, test } from 'node:test'
import { isPublicAddress } from './outbound/public-address.ts'
import { OutboundError, type OutboundOptions, openOutbound } from './outbound.ts'
import { listenLocally } from './testing/listen.ts'
import { makeCertificate } from './testing/make-certificate.ts'

const servers: Server[] = []
after(() => {
  for (const server of servers) {
    server.closeAllConnections()
    server.close()
  }
})

async function listen(server: Server): Promise<number> {
  servers.push(server)
  return listenLocally(server)
}

async function serve(answer: RequestListener): Promise<{ url: string; port: number; seen: string[] }> {
  const seen: string[] = []
  const port = await listen(
    createServer((request, response) => {
      seen.push(String(request.url))
      answer(request, response)
    }),
  )
  return { url: `http://127.0.0.1:${port}`, port, seen }
}

async function failure(address: string, options: OutboundOptions = {}): Promise<OutboundError> {
  const error = await openOutbound(options)(address).then(
    () => undefined,
    (reason: unknown) => reason,
  )
  assert.ok(error instanceof OutboundError, `${address} was fetched`)
  return error
}

// What leads into a network, or out of the protocol.
const refused = `
http://example.com/ ftp://example.com/ file:///etc/passwd data:application/json,{} javascript:1 gopher://example.com/
ws://example.com/ jar:https://example.com/ blob:https://example.com/x about:blank //example.com/ /etc/passwd example.com
https:// https://user@example.com/ https://user:pw@example.com/ https://:pw@example.com/
https://127.0.0.1/ https://127.1/ https://127.0.1/ https://0177.0.0.1/ https://0x7f.0.0.1/ https://0x7f000001/
https://2130706433/ https://017700000001/ https://127.0.0.1:8443/ https://127.255.255.254/ https://127.0.0.1./
https://0/ https://0.0.0.0/ https://0.1.2.3/ https://255.255.255.255/ https://224.0.0.1/ https://239.255.255.250/
https://240.0.0.1/ https://10.0.0.1/ https://10.255.255.255/ https://172.16.0.1/ https://172.31.255.255/
https://192.168.0.1/ https://192.168.255.255/ https://169.254.169.254/ https://169.254.170.2/ https://0xa9fea9fe/
https://2852039166/ https://0251.0376.0251.0376/ https://169.254.0.1/ https://100.64.0.1/ https://100.100.100.200/
https://100.127.255.255/ https://168.63.129.16/ https://192.0.0.1/ https://192.0.0.192/ https://192.0.2.1/
https://192.88.99.1/ https://198.18.0.1/ https://198.19.255.255/ https://198.51.100.1/ https://203.0.113.1/
https://[::1]/ https://[::]/ https://[0:0:0:0:0:0:0:1]/ https://[::ffff:127.0.0.1]/ https://[::ffff:7f00:1]/
https://[::ffff:169.254.169.254]/ https://[::ffff:8.8.8.8]/ https://[::127.0.0.1]/ https://[::8.8.8.8]/
https://[::ffff:0:127.0.0.1]/ https://[64:ff9b::7f00:1]/ https://[64:ff9b::808:808]/ https://[64:ff9b:1::1]/
https://[2002:7f00:1::]/ https://[2002:808:808::1]/ https://[2001::1]/ https://[2001:0:4136:e378:8000:63bf:3fff:fdd2]/
https://[2001:db8::1]/ https://[3fff::1]/ https://[5f00::1]/ https://[fc00::1]/ https://[fd00:ec2::254]/
https://[fd12:3456:789a:1::1]/ https://[fe80::1]/ https://[fe80::1%25eth0]/ https://[fec0::1]/ https://[ff02::1]/
https://[100::1]/ https://[2001:2::1]/ https://[2001:10::1]/ https://[2001:20::1]/ https://[4000::1]/ https://[::ffff:a9fe:a9fe]/
`
  .trim()
  .split(/\s+/)

test(`none of ${refused.length} addresses that are not of the public internet is dialled`, async () => {
  assert.ok(refused.length >= 80)
  for (const address of refused) {
    const { message } = await failure(address, { resolve: async (host) => [host] })
    assert.match(
      message,
      /^(This is no https address of the public internet|The address could not be fetched)\.$/,
    )
  }
})

test('an address that is too long is refused', async () => {
  await failure(`https://example.com/${'a'.repeat(2000)}`)
})

for (const address of [
  '8.8.8.8',
  '1.1.1.1',
  '172.15.255.255',
  '172.32.0.1',
  '100.63.255.255',
  '100.128.0.1',
  '192.167.1.1',
  '2606:4700:4700::1111',
  '2a00:1450:4001::200e',
])
  test(`${address} is public`, () => assert.equal(isPublicAddress(address), true))

// What the name says is not what is dialled: DNS is the caller's.
for (const [what, addresses] of [
  ['this machine', ['127.0.0.1']],
  ['the metadata of the cloud', ['169.254.169.254']],
  ['a public and a private address', ['93.184.215.14', '10.0.0.1']],
  ['nothing', []],
  ['no address', ['localhost']],
] as const) {
  test(`a name that leads to ${what} is not dialled, and the error says no more than that it failed`, async () => {
    const error = await failure('https://keys.example/jwks', { resolve: async () => addresses })
    assert.equal(error.message, 'The address could not be fetched.')
  })
}

test('a name is resolved once, and what was checked is dialled', async () => {
  const { port, seen } = await serve((_request, response) => response.end('fine'))
  let asked = 0
  // The second answer would be another: DNS rebinding.
  const resolve = async () => [asked++ === 0 ? '127.0.0.1' : '10.0.0.1']
  const get = openOutbound({ allowLoopback: true, resolve })
  assert.equal(await get(`http://keys.example:${port}/jwks?a=b`), 'fine')
  assert.deepEqual([asked, seen], [1, ['/jwks?a=b']])
})

test('plain http is for this machine alone, and only where it is allowed', async () => {
  const { url, seen } = await serve((_request, response) => response.end('fine'))
  await failure(url)
  await failure('http://keys.example/', { allowLoopback: true, resolve: async () => ['93.184.215.14'] })
  assert.deepEqual(seen, [])
  assert.equal(await openOutbound({ allowLoopback: true })(url), 'fine')
})

for (const [what, answer] of [
  ['a redirect', (_request, response) => response.writeHead(302, { location: '/elsewhere' }).end()],
  ['404', (_request, response) => response.writeHead(404).end('no')],
  ['more than 64 kB', (_request, response) => response.end('x'.repeat(64 * 1024 + 1))],
  ['bytes that are no text', (_request, response) => response.end(Buffer.from([0xff]))],
  [
    'half an answer',
    (_request, response) =>
      response.writeHead(200, { 'content-length': 9 }).end('x', () => response.destroy()),
  ],
  ['no answer in time', () => undefined],
  ['a body that never ends', (_request, response) => void response.write('x')],
] as const satisfies readonly (readonly [string, RequestListener])[]) {
  test(`${what} is one and the same failure`, async () => {
    const { url, seen } = await serve(answer)
    const { message } = await failure(`${url}/first`, { allowLoopback: true, timeoutMs: 300 })
    assert.equal(message, 'The address could not be fetched.')
    assert.deepEqual(seen, ['/first'], 'nothing else was asked')
  })
}

test('64 kB are not too long', async () => {
  const { url } = await serve((_request, response) => response.end('x'.repeat(64 * 1024)))
  assert.equal((await openOutbound({ allowLoopback: true })(url)).length, 64 * 1024)
})

test('a resolver that does not answer is given up in time', async () => {
  await failure('https://keys.example/', { resolve: () => new Promise(() => undefined), timeoutMs: 50 })
})

test('over TLS the certificate must be for the name, and issued by an authority', async () => {
  const authority = makeCertificate({ isAuthority: true, subject: [{ CN: 'Authority' }] })
  const own = makeCertificate({ issuer: authority, names: ['DNS:keys.example'] })
  const port = await listen(
    createTlsServer({ cert: own.pem, key: own.keyPem }, (_request, response) => response.end('fine')),
  )
  const options = { allowLoopback: true, resolve: async () => ['127.0.0.1'] }
  const trusting = { ...options, authorities: authority.pem }
  assert.equal(await openOutbound(trusting)(`https://keys.example:${port}/`), 'fine')
  await failure(`https://other.example:${port}/`, trusting)
  await failure(`https://keys.example:${port}/`, options)
})
