// The limit: a bare node:http server that reads the body, checks nothing and signs the same claims (ES256).
// `apart`: each request on its own, as such a server is usually written. `together`: what one turn of the
// event loop brought is first read, then signed, then answered, so that each step finds its code and tables in
// the processor's cache; no server of ours can be faster than that.
import { generateKeyPairSync, randomUUID, sign } from 'node:crypto'
import { createServer, type ServerResponse } from 'node:http'

const [port, scope, way] = process.argv.slice(2)
const { privateKey: key } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const header = encode({ alg: 'ES256', typ: 'at+jwt', kid: `key_${randomUUID()}` })
const lifetimeSeconds = 3600
const clientId = 'test-bench-client-0000'

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}

function mint(): string {
  const issuedAt = Math.floor(Date.now() / 1000)
  const claims = {
    iss: 'https://api.example/oauth',
    sub: clientId,
    client_id: clientId,
    aud: 'https://api.example/test',
    scope,
    environment: 'test',
    iat: issuedAt,
    exp: issuedAt + lifetimeSeconds,
    jti: randomUUID(),
  }
  const input = `${header}.${encode(claims)}`
  const signature = sign('sha256', Buffer.from(input), { key, dsaEncoding: 'ieee-p1363' })
  return `${input}.${signature.toString('base64url')}`
}

function answer(response: ServerResponse, token: string): void {
  const body = JSON.stringify({
    access_token: token,
    token_type: 'Bearer',
    expires_in: lifetimeSeconds,
    scope,
  })
  response.writeHead(200, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(body),
    'cache-control': 'no-store',
    pragma: 'no-cache',
  })
  response.end(body)
}

let waiting: ServerResponse[] = []

function answerTogether(): void {
  const responses = waiting
  waiting = []
  const signed = responses.map((response) => ({ response, token: mint() }))
  for (const { response, token } of signed) answer(response, token)
}

const server = createServer((request, response) => {
  request.resume()
  request.on('end', () => {
    if (way === 'apart') answer(response, mint())
    else if (waiting.push(response) === 1) setImmediate(answerTogether)
  })
})
server.keepAliveTimeout = 65_000
server.listen(Number(port), '127.0.0.1')
process.on('SIGTERM', () => process.exit())
