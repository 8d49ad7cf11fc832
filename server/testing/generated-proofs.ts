// DPoP proofs that nobody would write, thousands of them: only those that are right in everything open anything.
import assert from 'node:assert/strict'
import fc from 'fast-check'
import { dpopAlgorithms, dpopProof, makeDpopKey, sha256 } from './dpop.ts'
import { createWorld, type TestClient, tokenRequest, type World } from './world.ts'

const keys = dpopAlgorithms.map((algorithm) => makeDpopKey(algorithm))

interface Generated {
  key: (typeof keys)[number]
  /** Members that replace those of a good proof, `jwk` and `alg` among them. */
  header: Record<string, unknown>
  claims: Record<string, unknown>
  /** What becomes of the finished text. */
  mutation: { kind: 'none' | 'cut' | 'replace' | 'insert' | 'twice' | 'other'; at: number; text: string }
  atApi: boolean
}

const headerText = fc.string({
  unit: fc.integer({ min: 0x20, max: 0x7e }).map((code) => String.fromCharCode(code)),
  maxLength: 40,
})
const anyValue = fc.oneof(
  fc.jsonValue({ maxDepth: 2 }),
  fc.constant(undefined),
  fc.double(),
  fc.bigInt().map(String),
)

/** Few members at once, so that many proofs are wrong in one thing alone; often none. */
function changes(names: readonly string[]): fc.Arbitrary<Record<string, unknown>> {
  return fc.oneof(
    fc.constant({}),
    fc.tuple(fc.constantFrom(...names), anyValue).map(([name, value]) => ({ [name]: value })),
    fc.dictionary(fc.constantFrom(...names), anyValue, { maxKeys: 3 }),
  )
}

const jwkMembers = [
  'kty',
  'crv',
  'x',
  'y',
  'n',
  'e',
  'd',
  'k',
  'alg',
  'use',
  'key_ops',
  'kid',
  'ext',
  '__proto__',
]
const generatedProof: fc.Arbitrary<Generated> = fc
  .record({
    key: fc.constantFrom(...keys),
    header: changes(['typ', 'alg', 'jwk', 'kid', 'crit', 'b64', 'x5c', 'jku', 'cty', '__proto__']),
    jwk: fc.option(changes(jwkMembers), { nil: undefined }),
    claims: changes(['jti', 'htm', 'htu', 'iat', 'ath', 'nonce', 'exp', 'nbf', 'iss', '__proto__']),
    mutation: fc.record({
      kind: fc.constantFrom('none', 'none', 'none', 'none', 'cut', 'replace', 'insert', 'twice', 'other'),
      at: fc.nat({ max: 1000 }),
      text: headerText,
    }),
    atApi: fc.boolean(),
  })
  .map(({ jwk, header, ...rest }) => ({
    ...rest,
    header: jwk === undefined ? header : { ...header, jwk: { ...rest.key.jwk, ...jwk } },
  }))

function mutate(proof: string, { kind, at, text }: Generated['mutation']): string {
  const place = at % proof.length
  if (kind === 'cut') return proof.slice(0, place)
  if (kind === 'replace') return `${proof.slice(0, place)}${text}${proof.slice(place + text.length)}`
  if (kind === 'insert') return `${proof.slice(0, place)}${text}${proof.slice(place)}`
  if (kind === 'twice') return `${proof}, ${proof}`
  return kind === 'other' ? text : proof
}

/**
 * Sends generated proofs to the token endpoint and to an API.
 * @returns how many were accepted: each of them was right.
 */
export async function sendGeneratedProofs(count: number): Promise<number> {
  const world = await createWorld()
  const client = await world.makeClient()
  const nonce = await nonceOf(world, client)
  const tokens = new Map(
    await Promise.all(keys.map(async (key) => [key, await boundToken(world, client, key, nonce)] as const)),
  )
  let accepted = 0
  const property = fc.asyncProperty(generatedProof, async ({ key, header, claims, mutation, atApi }) => {
    const token = tokens.get(key) ?? ''
    const path = atApi ? '/signature/documents' : '/oauth/connect/token'
    const good = {
      htm: atApi ? 'GET' : 'POST',
      htu: world.url + path,
      iat: world.clock.now() / 1000,
      nonce,
      ...(atApi && { ath: sha256(token) }),
    }
    const rightProof = dpopProof(key, { ...good, ...claims }, header)
    const proof = mutate(rightProof, mutation)
    const answer = await world.inject(
      atApi
        ? { url: path, headers: { authorization: `DPoP ${token}`, dpop: proof } }
        : withProof(client, proof),
    )
    if (answer.statusCode === 200) {
      accepted += 1
      assertRight(proof, rightProof, { header, claims, good, key })
    } else assert.ok([400, 401].includes(answer.statusCode), `${answer.statusCode} ${answer.body} ${proof}`)
  })
  try {
    await fc.assert(property, { numRuns: count, endOnFailure: true })
  } finally {
    await world.close()
  }
  return accepted
}

/** What was accepted is what a holder of the key signed for this request, whatever else it says. */
function assertRight(
  proof: string,
  signed: string,
  {
    header,
    claims,
    good,
    key,
  }: Pick<Generated, 'header' | 'claims' | 'key'> & { good: Record<string, unknown> },
): void {
  assert.equal(proof, signed, 'only what was signed is accepted')
  const says: Record<string, unknown> = JSON.parse(
    Buffer.from(proof.split('.')[1] ?? '', 'base64url').toString(),
  )
  for (const name of ['htm', 'nonce', 'ath'])
    if (name in good) assert.equal(says[name], good[name], `${name} of ${JSON.stringify(claims)}`)
  assert.ok(typeof says.jti === 'string' && typeof says.htu === 'string')
  assert.ok(typeof says.iat === 'number' && Math.abs(says.iat - Number(good.iat)) <= 60)
  const { typ, alg, jwk }: Record<string, unknown> = JSON.parse(
    Buffer.from(proof.split('.')[0] ?? '', 'base64url').toString(),
  )
  assert.equal(typ, 'dpop+jwt', JSON.stringify(header))
  assert.ok(alg === key.algorithm || (String(alg).startsWith('Ed') && key.algorithm.startsWith('Ed')))
  for (const [name, value] of Object.entries(key.jwk))
    assert.ok(typeof jwk === 'object' && jwk !== null && Reflect.get(jwk, name) === value, name)
}

function withProof(client: TestClient, proof: string) {
  const request = tokenRequest(client, 'grant_type=client_credentials&scope=document_read')
  return { ...request, headers: { ...request.headers, dpop: proof } }
}

async function nonceOf(world: World, client: TestClient): Promise<string> {
  const claims = { htm: 'POST', htu: `${world.url}/oauth/connect/token`, iat: world.clock.now() / 1000 }
  const answer = await world.inject(withProof(client, dpopProof(makeDpopKey(), claims)))
  return String(answer.headers['dpop-nonce'])
}

async function boundToken(world: World, client: TestClient, key: (typeof keys)[number], nonce: string) {
  const claims = {
    htm: 'POST',
    htu: `${world.url}/oauth/connect/token`,
    iat: world.clock.now() / 1000,
    nonce,
  }
  const answer = await world.inject(withProof(client, dpopProof(key, claims)))
  assert.equal(answer.statusCode, 200, answer.body)
  return String(answer.json().access_token)
}
