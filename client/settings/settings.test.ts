import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createClientOn } from '../create-client.ts'
import { SettingsError } from '../errors.ts'
import { createMachine } from '../testing/machine.ts'
import { readSettings } from './settings.ts'

const complete = {
  LATCHKEY_URL: 'https://latchkey.example',
  LATCHKEY_CLIENT_ID: 'test-quiet-fjord-482',
  LATCHKEY_CLIENT_SECRET: 'lk_test_canary',
  LATCHKEY_SCOPES: 'identify document_read',
}

test('everything may come from the environment', () => {
  const settings = readSettings({}, complete)
  assert.equal(settings.tokenEndpoint, 'https://latchkey.example/oauth/connect/token')
  assert.deepEqual(settings.scopes, ['document_read', 'identify'])
  assert.deepEqual(settings.credential, { variable: 'LATCHKEY_CLIENT_SECRET' })
})

test('arguments win over the environment', () => {
  const settings = readSettings(
    { clientId: 'prod-other-1', clientSecret: 'own', scopes: ['event'] },
    complete,
  )
  assert.deepEqual(
    [settings.clientId, settings.credential, settings.scopes],
    ['prod-other-1', { value: 'own' }, ['event']],
  )
})

test('everything that is missing is named at once, with argument and variable', () => {
  assert.throws(
    () => readSettings({}, {}),
    (error) => {
      assert.ok(error instanceof SettingsError)
      assert.equal(error.problems.length, 4)
      for (const word of ['url', 'clientId', 'clientSecret', 'scopes', ...Object.keys(complete)])
        assert.ok(error.message.includes(word), word)
      return true
    },
  )
})

for (const [name, options, variables, words] of [
  [
    'both forms of the secret',
    {},
    { LATCHKEY_CLIENT_SECRET_FILE: '/run/secret' },
    /LATCHKEY_CLIENT_SECRET and LATCHKEY_CLIENT_SECRET_FILE are both set/,
  ],
  ['a resource that is no URI', { resource: 'orders' }, {}, /resource must be the URI of an API/],
  ['a resource with a fragment', { resource: 'https://orders.example/#a' }, {}, /resource must be the URI/],
  // As JavaScript and older pages have it.
  ['scopes as one text', { scopes: JSON.parse('"document_read"') }, {}, /scopes must be a list/],
  ['no scopes', { scopes: [] }, {}, /scopes: \['document_read'\].*LATCHKEY_SCOPES/],
  ['scopes with commas', {}, { LATCHKEY_SCOPES: 'event,identify' }, /separated by spaces, without commas/],
  ['two scopes in one', { scopes: ['event identify'] }, {}, /one name each/],
  ['a url with a path', { url: 'https://latchkey.example/v1' }, {}, /url must be an origin/],
  ['no url at all', {}, { LATCHKEY_URL: 'latchkey' }, /LATCHKEY_URL must be an origin/],
  ['plain http', { url: 'http://latchkey.example' }, {}, /url must begin with https/],
  ['plain http at an API', { origins: ['http://orders.example'] }, {}, /origins must begin with https/],
  ['an API with a path', { origins: ['https://orders.example/v1'] }, {}, /origins must be an origin/],
] as const) {
  test(`${name}: refused, and the secret is not in the words`, () => {
    assert.throws(
      () => readSettings(options, { ...complete, ...variables }),
      (error) => {
        assert.ok(error instanceof SettingsError)
        assert.match(error.message, words)
        assert.doesNotMatch(error.message, /canary/)
        return true
      },
    )
  })
}

for (const url of ['http://127.0.0.1:3000', 'http://localhost', 'http://[::1]:1', 'http://api.localhost'])
  test(`http is fine on loopback: ${url}`, () => assert.equal(readSettings({ url }, complete).url, url))

test('a secret file that cannot be read is named at the first call', async () => {
  const machine = createMachine()
  const { LATCHKEY_CLIENT_SECRET: _, ...rest } = complete
  machine.variables = () => ({ ...rest, LATCHKEY_CLIENT_SECRET_FILE: '/run/secrets/none' })
  await assert.rejects(createClientOn(machine, {}).token(), {
    name: 'SettingsError',
    message: /LATCHKEY_CLIENT_SECRET_FILE names \/run\/secrets\/none, which cannot be read/,
  })
})
