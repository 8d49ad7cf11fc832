// What callers do: tokens, curl, clients, scopes, logs, explain. Real processes against a real server.
import assert from 'node:assert/strict'
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { basic, createWorld } from '../server/testing/world.ts'
import { makeCli } from './testing/run-cli.ts'

const world = await createWorld({ realTime: true })
const url = await world.listen()
const { clientId, clientSecret } = await world.makeClient({ scopes: ['document_read', 'event'] })
const admin = await world.makeClient({ scopes: ['account_read', 'account_write'] })
const cli = makeCli({
  LATCHKEY_URL: url,
  LATCHKEY_CLIENT_ID: clientId,
  LATCHKEY_CLIENT_SECRET: clientSecret,
  LATCHKEY_SCOPES: 'document_read',
})
const asAdmin = { env: { LATCHKEY_CLIENT_ID: admin.clientId, LATCHKEY_CLIENT_SECRET: admin.clientSecret } }
after(async () => {
  cli.remove()
  await world.close()
})

test('token prints the token, a header or JSON, and nothing else', async () => {
  const raw = await cli.run(['token'])
  assert.match(raw.output, /^eyJ[\w-]+\.[\w-]+\.[\w-]+\n$/)
  assert.equal(raw.errors, '')
  const header = await cli.run(['token', '--header', '--scope', 'event'])
  assert.match(header.output, /^Authorization: Bearer eyJ/)
  const json = JSON.parse((await cli.run(['token', '--json', '--scope', 'event document_read'])).output)
  assert.deepEqual([json.token_type, json.scope.split(' ').sort()], ['Bearer', ['document_read', 'event']])
  assert.ok(json.expires_in > 3500)
})

test('a token is kept between runs, encrypted, for each scope; --clear forgets it', async () => {
  const cache = join(cli.folder, 'cache', 'latchkey')
  const [first, second] = [await cli.run(['token']), await cli.run(['token'])]
  assert.equal(first.output, second.output)
  const kept = readdirSync(cache).filter((name) => name.endsWith('.token'))
  assert.ok(kept.length > 0)
  for (const name of kept) {
    assert.equal(statSync(join(cache, name)).mode & 0o777, 0o600)
    assert.ok(!readFileSync(join(cache, name), 'utf8').includes(first.output.trim()))
  }
  assert.equal((await cli.run(['token', '--clear'])).code, 0)
  assert.deepEqual(
    readdirSync(cache).filter((name) => name.endsWith('.token')),
    [],
  )
  assert.notEqual((await cli.run(['token'])).output, first.output)
})

test('a token that was revoked is kept no longer: curl says so, and works the next time', async () => {
  const client = await world.makeClient({ scopes: ['document_read'] })
  const env = { LATCHKEY_CLIENT_ID: client.clientId, LATCHKEY_CLIENT_SECRET: client.clientSecret }
  const token = (await cli.run(['token'], { env })).output.trim()
  const revoked = await fetch(`${url}/oauth/connect/revocation`, {
    method: 'POST',
    headers: { authorization: basic(client) },
    body: new URLSearchParams({ token }),
  })
  assert.equal(revoked.status, 200)
  const refused = await cli.run(['curl', '/signature/documents'], { env })
  assert.equal(refused.code, 3)
  assert.match(refused.errors, /a new one is kept now\. Run the command again/)
  assert.equal((await cli.run(['curl', '/signature/documents'], { env })).code, 0)
})

for (const [what, words, env, code, message] of [
  [
    'a wrong secret',
    ['token'],
    { LATCHKEY_CLIENT_SECRET: 'lk_test_canary' },
    3,
    /^latchkey: No access token: Client id and secret do not match/,
  ],
  [
    'a scope that the client may not have',
    ['token', '--scope', 'document_write'],
    {},
    4,
    /document_write.*\nMend it: http/,
  ],
  [
    'no settings',
    ['token'],
    { LATCHKEY_CLIENT_ID: '', LATCHKEY_CLIENT_SECRET: '' },
    2,
    /settings are not complete[\s\S]*LATCHKEY_CLIENT_ID/,
  ],
  ['a server that is away', ['scopes', '--url', 'http://127.0.0.1:1'], asAdmin.env, 6, /No access token/],
  ['an unknown command', ['tokn'], {}, 2, /Did you mean token\?/],
  ['an unknown flag', ['token', '--scop', 'x'], {}, 2, /Did you mean --scope\?/],
  ['a profile that does not exist', ['token', '--profile', 'nobody'], {}, 2, /There is no profile nobody/],
  ['a client without account_read', ['clients', 'list'], {}, 4, /account_read/],
  ['an address over plain http', ['token', '--url', 'http://api.example'], {}, 2, /must begin with https/],
] as const)
  test(`${what} ends with ${code}, and a sentence that says what to do`, async () => {
    const outcome = await cli.run(words, { env })
    assert.equal(outcome.code, code, outcome.errors)
    assert.match(outcome.errors, message)
    assert.equal(outcome.output, '')
    assert.ok(!outcome.errors.includes('canary') && !outcome.errors.includes(clientSecret))
  })

test('curl adds the token unseen, takes flags of curl, and explains a refusal', async () => {
  const good = await cli.run(['curl', '/signature/documents', '-s', '-w', '\n%{http_code}'])
  assert.deepEqual([good.code, good.output], [0, '{"items":[],"nextCursor":null}\n200'])
  const odd = await cli.run([
    'curl',
    '/signature/documents?limit=1&cursor=C:\\new"x',
    '-s',
    '-o',
    '/dev/null',
    '-w',
    '%{http_code}',
  ])
  assert.deepEqual([odd.code, odd.output], [0, '400'], odd.errors)
  const fed = await cli.run(['curl', '/signature/documents', '-X', 'POST', '-d', '@-'], { input: 'x=1' })
  assert.equal(fed.code, 4, 'it needs document_write')
  const refused = await cli.run(['curl', '/notification/events'])
  assert.equal(refused.code, 4)
  assert.match(refused.output, /"status":403/)
  assert.match(refused.errors, /This call needs event\..*\nMend it: http.*scope=event#scopes\nRequest: req_/)
  const elsewhere = await cli.run(['curl', '/notification/events', '-o', join(cli.folder, 'refused')])
  assert.deepEqual([elsewhere.code, elsewhere.output], [4, ''])
  assert.match(elsewhere.errors, /latchkey explain req_\S+ says where it is mended/)
  const missing = await cli.run(['curl', '/signature/documents/nothing', '-o', join(cli.folder, 'body')])
  assert.equal(missing.code, 0, 'as curl itself')
})

for (const [what, words] of [
  ['another origin', ['curl', 'https://evil.example/']],
  ['another origin without a scheme', ['curl', '//evil.example/']],
  ['a second address', ['curl', '/signature/documents', '--next', 'http://127.0.0.1:9/']],
  ['a second address without a flag', ['curl', '/signature/documents', 'http://127.0.0.1:9/']],
  ['a file of flags in one word', ['curl', '/signature/documents', '-sKfile']],
  ['a redirect that keeps it', ['curl', '/signature/documents', '--location-trusted']],
] as const)
  test(`curl sends the token to nobody else: ${what}`, async () => {
    const { code, errors } = await cli.run(words)
    assert.equal(code, 2)
    assert.match(errors, /The token is for|the token is for/)
  })

test('clients are made, shown, edited, rotated, disabled, enabled, deleted and restored', async () => {
  const file = join(cli.folder, 'robot.env')
  const made = await cli.run(
    ['clients', 'create', 'Robot', '--scope', 'document_read event', '--dotenv', file, '--json'],
    asAdmin,
  )
  assert.equal(made.code, 0, made.errors)
  const { client, secretFile } = JSON.parse(made.output)
  assert.equal(secretFile, file)
  assert.equal(statSync(file).mode & 0o777, 0o600)
  const written = readFileSync(file, 'utf8')
  assert.match(
    written,
    /^LATCHKEY_URL=http.*\nLATCHKEY_CLIENT_ID=test-.*\nLATCHKEY_CLIENT_SECRET=lk_test_.*\nLATCHKEY_SCOPES="document_read event"\n$/,
  )
  const secret = /SECRET=(.*)/.exec(written)?.[1] ?? ''
  assert.ok(!(made.output + made.errors).includes(secret), 'it is in the file alone')

  const again = await cli.run(['clients', 'create', 'Robot', '--dotenv', file], asAdmin)
  assert.equal(again.code, 2)
  assert.match(again.errors, /is there already, and is never written over/)
  assert.equal(readFileSync(file, 'utf8'), written)

  const edited = await cli.run(
    ['clients', 'edit', client.id, '--add-scope', 'identify', '--remove-scope', 'event', '--json'],
    asAdmin,
  )
  assert.deepEqual(JSON.parse(edited.output).scopes.sort(), ['document_read', 'identify'])
  const rotated = await cli.run(
    ['clients', 'rotate', client.id, '--end-others-in', '1h', '--expires-in-days', '90'],
    asAdmin,
  )
  assert.equal(rotated.code, 0, rotated.errors)
  assert.match(rotated.output, /^Client id {2}test-.*\nSecret +lk_test_/)
  assert.match(rotated.errors, /The secret first ends at \d{4}-/)

  const asked = await cli.run(['clients', 'disable', client.id], asAdmin)
  assert.equal(asked.code, 2, 'nobody can answer')
  assert.match(asked.errors, /say --yes/)
  assert.equal((await cli.run(['clients', 'disable', client.id, '--yes'], asAdmin)).code, 0)
  assert.match((await cli.run(['clients', 'show', client.id], asAdmin)).output, /State +disabled/)
  assert.equal((await cli.run(['clients', 'enable', client.id], asAdmin)).code, 0)
  assert.match(
    (await cli.run(['clients', 'delete', client.id, '--yes'], asAdmin)).output,
    /clients restore .* brings it back until/,
  )
  assert.match((await cli.run(['clients', 'restore', client.id], asAdmin)).output, /State +active/)
})

test('a file that was reserved goes away again when nothing was made', async () => {
  const file = join(cli.folder, 'never.env')
  const { code } = await cli.run(
    ['clients', 'create', 'Robot', '--scope', 'no_such_scope', '--dotenv', file],
    asAdmin,
  )
  assert.equal(code, 1)
  assert.equal(existsSync(file), false)
})

test('scopes says which an operation needs', async () => {
  const { code, output } = await cli.run(['scopes', '--for', 'GET /signature/documents', '--json'], asAdmin)
  assert.equal(code, 0)
  assert.deepEqual(
    JSON.parse(output).items.map(({ name }: { name: string }) => name),
    ['document_read'],
  )
})

test('a token of CI comes by standard input', async () => {
  const token = await world.token(['account_read'], admin)
  const { code, output } = await cli.run(['clients', 'list', '--token-stdin', '--json'], {
    input: `${token}\n`,
  })
  assert.equal(code, 0)
  assert.ok(JSON.parse(output).items.length >= 2)
})

test('a profile is a file as clients create --dotenv writes it; where the environment says otherwise neither wins', async () => {
  const folder = join(cli.folder, 'config', 'latchkey')
  const none = { LATCHKEY_URL: '', LATCHKEY_CLIENT_ID: '', LATCHKEY_CLIENT_SECRET: '', LATCHKEY_SCOPES: '' }
  mkdirSync(folder, { recursive: true })
  const file = join(folder, 'robot.env')
  const made = await cli.run(['clients', 'create', 'Robot', '--scope', 'event', '--dotenv', file], asAdmin)
  assert.equal(made.code, 0, made.errors)
  for (const [words, env] of [
    [['--profile', 'robot'], none],
    [[], { ...none, LATCHKEY_PROFILE: 'robot' }],
  ] as const) {
    const { output, errors } = await cli.run(['token', '--json', ...words], { env })
    assert.equal(JSON.parse(output || errors).scope, 'event')
  }
  const both = await cli.run(['token', '--profile', 'robot'])
  assert.equal(both.code, 2)
  assert.match(both.errors, /LATCHKEY_CLIENT_ID is set, and the profile robot has another one/)
  assert.equal((await cli.run(['token', '--profile', '../robot'])).code, 2)
})
