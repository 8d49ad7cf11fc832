// Every attack on every guarded operation: refused, decently, and never a fault of ours (statements 62, 67, 72, 73).
import assert from 'node:assert/strict'
import { createPublicKey, generateKeyPairSync } from 'node:crypto'
import { type Answer, shown } from './answer.ts'
import { addressOf, clientWith, guardedOperations, type Operation } from './guarded-operations.ts'
import { decodeToken, signedToken } from './jwt.ts'
import type { Forge } from './jwt-attacks/forge.ts'
import { attacks } from './jwt-attacks.ts'
import { sendKept, sendRaw } from './raw-request.ts'
import { requirement } from './requirement.ts'
import { type Json, type KnownClient, need, type Target } from './target.ts'
import { basic, formEncode, getToken, postToken } from './token-request.ts'

// RFC 6750 §3.1, RFC 9449 §7.1.
const refused = /^(Bearer|DPoP) .*error="invalid_token"/

/**
 * `npm test` takes one operation for each method and scope: one guard stands before all of them. The long proofs and
 * `npm run conformance` take all.
 */
const isQuick = process.env.NODE_ENV === 'test' && process.env.TEST_LONG === undefined

function oneForEach<Item>(items: readonly Item[], keyOf: (item: Item) => string): Item[] {
  return [...new Map(items.map((item) => [keyOf(item), item])).values()]
}

/** An address of the operation; the object need not exist, because the token is looked at first. */
function call(
  target: Target,
  { method, path }: Operation,
  environment: unknown,
  token: string,
): Promise<Answer> {
  // A megabyte is refused before it is read to its end: only a socket of its own bears that.
  const send = token.length > 10_000 ? sendRaw : sendKept
  const url = addressOf(target, path, (name) => (name === 'environment' ? String(environment) : '00000000'))
  return send(url, { method, headers: [['Authorization', `Bearer ${token}`]] })
}

// Each operation is opened by one of them, or there is no such check: `clientWith` asks for it.
for (const [whose, clientOf] of [
  ['of the APIs', ({ client }: Target) => client],
  ['by which an account manages its clients', ({ clients }: Target) => clients?.account],
  ['of those who run the server', ({ clients }: Target) => clients?.operator],
] as const) {
  requirement(62, `none of ${attacks.length} JWT attacks opens any operation ${whose}`, async (target) => {
    assert.ok(attacks.length >= 60)
    assert.equal(new Set(attacks.map(([what]) => what)).size, attacks.length, 'each attack has its own name')
    const client = need(clientOf(target), `client for the operations ${whose}`)
    const all = (await guardedOperations(target)).filter(({ scope }) => clientWith(target, scope) === client)
    const own = isQuick ? oneForEach(all, ({ method, scope }) => `${method} ${scope}`) : all
    assert.ok(own.length > 0)
    const opened: string[] = []
    const forge = await makeForge(target, client, own)
    const attackBy = (operation: Operation, token: string) =>
      call(target, operation, forge.claims.environment, token)
    // What the attacks change is good: otherwise they would prove nothing.
    for (const operation of own) {
      const { status, text } = await attackBy(operation, forge.token)
      assert.ok(status !== 401 && status !== 403 && status < 500, `${operation.path}: ${status} ${text}`)
    }
    for (const [what, make, statuses = [401]] of attacks) {
      const token = make(forge)
      const attack = async (operation: Operation) => {
        const answer = await attackBy(operation, token)
        if (!statuses.includes(answer.status))
          opened.push(`${what}: ${operation.method} ${operation.path} ${shown(answer)}`)
        else if (answer.status === 401)
          assert.match(answer.headers.get('www-authenticate') ?? '', refused, what)
      }
      await Promise.all(own.map(attack))
    }
    assert.deepEqual(opened, [])
  })
}

async function makeForge(
  target: Target,
  client: KnownClient,
  operations: readonly Operation[],
): Promise<Forge> {
  const sign = need(target.sign, 'way to sign wrong tokens rightly')
  const signInput = need(target.signInput, 'way to sign wrong tokens rightly')
  const audiences = need(target.audiences, 'audience for each environment')
  const issued = await getToken(target, [...new Set(operations.map(({ scope }) => scope))], client)
  const { claims } = decodeToken(issued)
  const token = sign({}, claims)
  const { header } = decodeToken(token)
  const jwks = await (await fetch(target.jwksUri)).text()
  const published: { keys: Json[] } = JSON.parse(jwks)
  const jwk = published.keys.find(({ kid }) => kid === header.kid)
  assert.ok(jwk)
  const stranger = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const now = Math.floor(target.now() / 1000)
  return {
    token,
    header,
    claims,
    now,
    audiences,
    publicKey: createPublicKey({ key: jwk, format: 'jwk' }),
    jwks,
    sign,
    signInput,
    stranger,
    others: {
      introspection: await introspect(target, client, issued),
      dpopProof: signedToken(
        { alg: 'ES256', typ: 'dpop+jwt', jwk: stranger.publicKey.export({ format: 'jwk' }) },
        { jti: 'j', htm: 'GET', htu: target.issuer, iat: now },
        stranger.privateKey,
      ),
      assertion: signedToken(
        { alg: 'ES256', typ: 'client-authentication+jwt', kid: header.kid },
        { iss: claims.sub, sub: claims.sub, aud: target.issuer, jti: 'j', iat: now, exp: now + 60 },
        stranger.privateKey,
      ),
      idToken: sign(
        { typ: 'JWT' },
        { iss: target.issuer, sub: claims.sub, aud: claims.sub, iat: now, exp: now + 60, nonce: 'n' },
      ),
    },
  }
}

/** The answer about a token as a JWT (RFC 9701 §5), signed by the same issuer. */
async function introspect(target: Target, client: KnownClient, token: string): Promise<string> {
  const endpoint = target.metadata.introspection_endpoint
  if (typeof endpoint !== 'string') return 'a.b.c'
  const answer = await postToken(target, {
    endpoint,
    authorization: basic(client),
    body: `token=${formEncode(token)}`,
    headers: { accept: 'application/token-introspection+jwt' },
  })
  assert.equal(answer.status, 200, answer.text)
  return answer.text
}
