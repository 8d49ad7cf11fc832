import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { StoredScope } from '../catalogue/store.ts'
import type { AccountCaller } from '../vocabulary/account-caller.ts'
import { type Permission, permissionsOf } from '../vocabulary/permission.ts'
import { Problem } from '../vocabulary/problem.ts'
import { refuseEscalation } from './escalation.ts'
import { refuseScopes, type ScopeAccount } from './scope-rules.ts'

const scope = (name: string, set: Partial<StoredScope> = {}): StoredScope => ({
  name,
  description: name,
  apiId: 'orders',
  apiName: 'Orders',
  resourceServers: [],
  audiences: { test: 'https://t', production: 'https://p' },
  access: 'everyone',
  endpoints: [],
  deprecatedAt: null,
  deprecationNote: null,
  retiredAt: null,
  ...set,
})

const scopes = [
  scope('read'),
  scope('old', { deprecatedAt: 1, deprecationNote: 'Use read.' }),
  scope('gone', { retiredAt: 1, deprecationNote: 'Use read.' }),
  scope('special', { access: 'granted' }),
  scope('account_read', { access: 'reserved' }),
  scope('account_write', { access: 'reserved' }),
  scope('operator', { access: 'reserved' }),
]
const catalogue = {
  find: (name: string) => scopes.find((known) => known.name === name),
  suggest: (name: string) => (name === 'raed' ? 'read' : undefined),
}

const caller = (...permissions: Permission[]): AccountCaller => ({
  accountId: 'acme',
  environment: undefined,
  actor: { kind: 'member', id: 'm', address: null, requestId: null },
  permissions: new Set(permissions),
  isOperatorAccount: false,
  reservedScopes: [],
})
const ordinary = caller('clients:write')
const owner = caller('clients:write', 'clients:grant_account')
const operator = caller('clients:write', 'clients:grant_operator')

const account: ScopeAccount = { production: 'approved', operator: false, grantedScopes: [] }
const bare: ScopeAccount = { ...account, production: 'none' }
const operators: ScopeAccount = { ...account, operator: true }

type Row = readonly [
  what: string,
  who: AccountCaller,
  wanted: readonly string[],
  had: readonly string[],
  where: { account?: ScopeAccount; environment?: 'test' | 'production' },
  refusal: undefined | readonly [type: string, detail: RegExp],
]

const rows: readonly Row[] = [
  ['one that everyone may have', ordinary, ['read'], [], {}, undefined],
  ['one that is unknown', ordinary, ['raed'], [], {}, ['invalid_value', /unknown\. Did you mean read\?/]],
  ['two that are wrong', ordinary, ['raed', 'gone'], [], {}, ['invalid_value', /raed.*gone is retired/]],
  ['one that is retired', ordinary, ['gone'], [], {}, ['invalid_value', /gone is retired.*Use read\./]],
  ['a retired one that it has', ordinary, ['gone', 'read'], ['gone'], {}, undefined],
  ['one that is deprecated', ordinary, ['old'], [], {}, ['invalid_value', /deprecated.*Use read\./]],
  ['a deprecated one that it has', ordinary, ['old', 'read'], ['old'], {}, undefined],
  ['one that is not granted', ordinary, ['special'], [], {}, ['permission_denied', /^special: /]],
  [
    'one that is granted',
    ordinary,
    ['special'],
    [],
    { account: { ...account, grantedScopes: ['special'] } },
    undefined,
  ],
  [
    'production without approval',
    ordinary,
    ['read'],
    [],
    { account: bare, environment: 'production' },
    ['permission_denied', /not approved/],
  ],
  ['test without approval', ordinary, ['read'], [], { account: bare }, undefined],
  [
    'less in production without approval',
    ordinary,
    [],
    ['read'],
    { account: bare, environment: 'production' },
    undefined,
  ],
  [
    'account_read by a token',
    ordinary,
    ['account_read'],
    [],
    {},
    ['permission_denied', /may not give a client account_read/],
  ],
  [
    'account_write by a token of the operator',
    operator,
    ['account_write'],
    [],
    {},
    ['permission_denied', /may not give/],
  ],
  ['account_write by its owner', owner, ['account_write'], [], {}, undefined],
  ['account_write that it has', ordinary, ['account_write', 'read'], ['account_write'], {}, undefined],
  ['account_write taken away', ordinary, ['read'], ['account_write', 'read'], {}, undefined],
  [
    'operator by an owner',
    owner,
    ['operator'],
    [],
    { account: operators, environment: 'production' },
    ['permission_denied', /may not give/],
  ],
  [
    'operator by an operator in production',
    operator,
    ['operator'],
    [],
    { account: operators, environment: 'production' },
    undefined,
  ],
  [
    'operator by an operator in test',
    operator,
    ['operator'],
    [],
    { account: operators },
    ['invalid_value', /counts on production clients/],
  ],
  [
    'operator in another account',
    operator,
    ['operator'],
    [],
    { environment: 'production' },
    ['invalid_value', /counts on production clients/],
  ],
]

for (const [what, who, wanted, had, where, refusal] of rows)
  test(`the scopes of a client: ${what} ${refusal ? 'is refused' : 'is allowed'}`, () => {
    const question = { account, environment: 'test' as const, catalogue, ...where }
    const ask = () => refuseScopes(who, wanted, had, question)
    if (!refusal) return assert.doesNotThrow(ask)
    const [type, detail] = refusal
    assert.throws(
      ask,
      (error) => error instanceof Problem && error.type === type && detail.test(error.message),
    )
  })

for (const [what, who, had, allowed] of [
  ['of an ordinary client by anybody', ordinary, ['read'], true],
  ['of a client with account_write by who lacks it', ordinary, ['account_write'], false],
  [
    'of a client with account_write by who has it',
    { ...ordinary, reservedScopes: ['account_write'] },
    ['account_write'],
    true,
  ],
  ['of a client with account_write by who may give it', owner, ['account_write'], true],
  [
    'of a client with two by who has one',
    { ...ordinary, reservedScopes: ['account_write'] },
    ['account_write', 'account_read'],
    false,
  ],
  ['of a client with operator by an owner', owner, ['operator'], false],
  ['of a client with operator by who may give it', operator, ['operator'], true],
] as const)
  test(`credentials ${what} ${allowed ? 'may' : 'may not'} be changed`, () => {
    const ask = () => refuseEscalation(who, { scopes: had })
    if (allowed) assert.doesNotThrow(ask)
    else assert.throws(ask, (error) => error instanceof Problem && error.type === 'permission_denied')
  })

test('what a token has says what it may: no scope gives clients:grant_account', () => {
  assert.equal(
    permissionsOf(['account_read', 'account_write', 'operator']).has('clients:grant_account'),
    false,
  )
})
