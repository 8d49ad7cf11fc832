import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createClientOn } from '../create-client.ts'
import { createMachine, type Machine } from '../testing/machine.ts'
import { withProfile } from './profile.ts'

const written = [
  '# the billing client',
  'LATCHKEY_URL=https://latchkey.example',
  'export LATCHKEY_CLIENT_ID="test-quiet-fjord-482"',
  "LATCHKEY_CLIENT_SECRET='lk_test_canary=='  ",
  'LATCHKEY_SCOPES=document_read identify\r',
  'OTHER=ignored',
].join('\n')

function machineWith(files: Record<string, string>, variables: Record<string, string>): Machine {
  const machine = createMachine()
  machine.variables = () => variables
  machine.readFileNow = (path) => {
    const text = files[path]
    if (text === undefined) throw new Error('ENOENT')
    return text
  }
  return machine
}

const expected = {
  LATCHKEY_URL: 'https://latchkey.example',
  LATCHKEY_CLIENT_ID: 'test-quiet-fjord-482',
  LATCHKEY_CLIENT_SECRET: 'lk_test_canary==',
  LATCHKEY_SCOPES: 'document_read identify',
}

for (const [place, windows, variables, path] of [
  ['home', false, { HOME: '/home/ada' }, '/home/ada/.config/latchkey/billing.env'],
  [
    'XDG_CONFIG_HOME',
    false,
    { HOME: '/home/ada', XDG_CONFIG_HOME: '/etc/own' },
    '/etc/own/latchkey/billing.env',
  ],
  ['APPDATA', true, { APPDATA: 'C:/Users/ada/AppData' }, 'C:/Users/ada/AppData/latchkey/billing.env'],
] as const) {
  test(`a profile lies in ${place}, named by option or variable`, () => {
    for (const [own, name] of [
      [{}, 'billing'],
      [{ LATCHKEY_PROFILE: 'billing' }, undefined],
    ] as const) {
      const machine = machineWith({ [path]: written }, { ...variables, ...own })
      machine.windows = windows
      assert.deepEqual(withProfile(machine, name).variables(), { ...variables, ...own, ...expected })
    }
  })
}

test('without a profile nothing is read', () => {
  const machine = machineWith({}, {})
  assert.equal(withProfile(machine), machine)
})

const path = '/home/ada/.config/latchkey/billing.env'
for (const [name, variables, profile, words] of [
  ['there is none', {}, 'other', /The profile other \(LATCHKEY_PROFILE\) cannot be read: \/home\/ada/],
  ['it is a path', {}, '../billing', /"..\/billing" is not a name/],
  [
    'a variable says otherwise',
    { LATCHKEY_CLIENT_SECRET: 'lk_test_other_canary' },
    'billing',
    /LATCHKEY_CLIENT_SECRET is set, and the profile billing has another one/,
  ],
  [
    'the other form of the secret is set',
    { LATCHKEY_CLIENT_SECRET_FILE: '/run/secret' },
    'billing',
    /both set/,
  ],
] as const) {
  test(`when ${name}, the client is not made, and no secret is told`, () => {
    const machine = machineWith({ [path]: written }, { HOME: '/home/ada', ...variables })
    assert.throws(
      () => createClientOn(machine, { profile }),
      (error: Error) => {
        assert.equal(error.name, 'SettingsError')
        assert.match(error.message, words)
        assert.doesNotMatch(error.message, /canary/)
        return true
      },
    )
  })
}

test('a secret that is changed in the profile is read again', () => {
  const files = { [path]: written }
  const runtime = withProfile(machineWith(files, { HOME: '/home/ada' }), 'billing')
  assert.equal(runtime.variables().LATCHKEY_CLIENT_SECRET, 'lk_test_canary==')
  files[path] = written.replace('canary', 'rotated')
  assert.equal(runtime.variables().LATCHKEY_CLIENT_SECRET, 'lk_test_rotated==')
})
