// Each operation that changes something, and what it leaves in the audit trail.
import { asObject } from './json.ts'

/** What earlier steps made. */
export interface Made {
  clientId: string
  /** The secret that the client came with, and one that was added. */
  secret: string
  secretId: string
  /** What else stands in paths. */
  ids: Record<string, string>
  /** Of links that bring somebody in. */
  tokens: { invitation: string; setUp: string }
}

export interface Step {
  /** Method and path, as the OpenAPI document has them. */
  operation: string
  /** Guest: another member. Anybody: with a page of ours. */
  by: 'account' | 'operator' | 'member' | 'guest' | 'anybody'
  body?: object | ((made: Made) => object)
  /** How many entries it leaves. */
  entries: number
  /** What its path names, where it is not what the other steps name. */
  ids?: Record<string, string>
  learn?: (answer: Record<string, unknown>, made: Made) => void
}

const client = '/account/{environment}/api-clients/{clientId}'
const scope = '/account/apis/{apiId}/scopes/{scope}'
const account = '/account/accounts/{accountId}'

/** Each operation that changes something, in an order in which each finds what it changes. */
export const steps: readonly Step[] = [
  {
    operation: 'POST /account/apis',
    by: 'operator',
    body: {
      ...{ id: 'parcels', name: 'Parcels' },
      audiences: { test: 'https://test.parcels.example', production: 'https://parcels.example' },
    },
    entries: 1,
  },
  { operation: 'PATCH /account/apis/{apiId}', by: 'operator', body: { name: 'All parcels' }, entries: 1 },
  {
    operation: 'POST /account/apis/{apiId}/scopes',
    by: 'operator',
    body: { name: 'parcel_read', description: 'Read parcels', access: 'granted' },
    entries: 1,
  },
  { operation: `PATCH ${scope}`, by: 'operator', body: { description: 'Read all parcels' }, entries: 1 },
  { operation: 'POST /account/accounts', by: 'operator', body: { id: 'shop', name: 'Shop' }, entries: 1 },
  { operation: `PATCH ${account}`, by: 'operator', body: { name: 'The shop' }, entries: 1 },
  { operation: `POST ${account}/approve-production`, by: 'operator', entries: 1 },
  { operation: `POST ${account}/withdraw-production`, by: 'operator', entries: 1 },
  { operation: `PUT ${account}/scopes/{scope}`, by: 'operator', entries: 1 },
  { operation: `DELETE ${account}/scopes/{scope}`, by: 'operator', entries: 1 },
  { operation: `POST ${scope}/deprecate`, by: 'operator', body: { note: 'Use event.' }, entries: 1 },
  { operation: `POST ${scope}/retire`, by: 'operator', body: { force: true }, entries: 1 },
  { operation: `POST ${scope}/restore`, by: 'operator', entries: 1 },
  { operation: 'DELETE /account/apis/{apiId}', by: 'operator', entries: 1 },
  {
    operation: 'POST /account/{environment}/api-clients',
    by: 'account',
    body: { name: 'One', scopes: ['event'] },
    entries: 2,
    learn(answer, made) {
      made.clientId = String(asObject(answer.client).id)
      made.secret = String(asObject(answer.secret).secret ?? asObject(answer.secret).value)
    },
  },
  { operation: `PATCH ${client}`, by: 'account', body: { name: 'Another' }, entries: 1 },
  { operation: `POST ${client}/disable`, by: 'account', entries: 1 },
  { operation: `POST ${client}/enable`, by: 'account', entries: 1 },
  { operation: `POST ${client}/revoke-tokens`, by: 'account', entries: 1 },
  {
    operation: `POST ${client}/secrets`,
    by: 'account',
    body: { name: 'second' },
    entries: 1,
    learn(answer, made) {
      made.secretId = String(answer.id ?? asObject(answer.secret).id)
    },
  },
  {
    operation: `PATCH ${client}/secrets/{secretId}`,
    by: 'account',
    body: { name: 'the second' },
    entries: 1,
  },
  { operation: `POST ${client}/secrets/{secretId}/revoke`, by: 'account', entries: 1 },
  { operation: 'POST /report-leaked-secret', by: 'anybody', body: ({ secret }) => ({ secret }), entries: 1 },
  { operation: `DELETE ${client}`, by: 'account', entries: 1 },
  { operation: `POST ${client}/restore`, by: 'account', entries: 1 },
  {
    operation: 'POST /account/{environment}/api-clients/copies',
    by: 'account',
    body: ({ clientId }) => ({ fromClientId: clientId }),
    entries: 2,
  },
  { operation: 'POST /account/signing-keys/rotate', by: 'operator', entries: 2 },
  { operation: 'PATCH /account', by: 'member', body: { name: 'Plainly' }, entries: 1 },
  {
    operation: 'POST /account/invitations',
    by: 'member',
    body: { email: 'guest@plain.example', role: 'viewer' },
    entries: 1,
    learn(answer, made) {
      made.ids.invitationId = String(answer.id)
    },
  },
  { operation: 'DELETE /account/invitations/{invitationId}', by: 'member', entries: 1 },
  { operation: 'PATCH /account/members/{memberId}', by: 'member', body: { role: 'viewer' }, entries: 1 },
  { operation: 'DELETE /account/members/{memberId}', by: 'member', entries: 1 },
  {
    operation: 'POST /account/production-request',
    by: 'member',
    body: { company: 'Plain Ltd', purpose: 'To bill' },
    entries: 1,
  },
  {
    operation: `POST ${account}/decline-production`,
    by: 'operator',
    ids: { accountId: 'plain' },
    body: { note: 'Too plain.' },
    entries: 1,
  },
  {
    operation: `POST ${client}/try`,
    by: 'member',
    ids: { clientId: 'test-plain-client-1' },
    body: { scope: 'event' },
    entries: 1,
  },
  { operation: 'PATCH /account/person', by: 'member', body: { name: 'Ada' }, entries: 1 },
  { operation: 'POST /account/leave', by: 'guest', entries: 1 },
  {
    operation: 'POST /account/invitations/accept',
    by: 'anybody',
    body: ({ tokens }) => ({ token: tokens.invitation, name: 'New', password: 'correct horse battery' }),
    entries: 1,
  },
  {
    operation: 'POST /account/set-up/complete',
    by: 'anybody',
    body: ({ tokens }) => ({
      ...{ token: tokens.setUp, email: 'root@ops.example' },
      ...{ name: 'Root', password: 'correct horse battery' },
    }),
    entries: 2,
  },
  { operation: 'DELETE /account/sessions/{sessionId}', by: 'member', entries: 1 },
  { operation: 'POST /account/sign-out-everywhere', by: 'member', entries: 1 },
]

/** Of other slices: their tests prove their entries, or they change nothing that an account has set. */
export const elsewhere = new Set([
  'POST /oauth/connect/token',
  'POST /oauth/connect/introspect',
  'POST /oauth/connect/revocation',
  'POST /signature/documents',
  'POST /identification/sessions',
  // What people do with their sign-in: server/people/ tests it, mail and cookies included.
  'POST /account/sign-up',
  'POST /account/sign-in',
  'POST /account/sign-in/two-factor',
  'POST /account/sign-out',
  'POST /account/password-reset',
  'POST /account/password-reset/complete',
  'POST /account/email-confirmation',
  'POST /account/email-confirmation/complete',
  'POST /account/invitations/look',
  'POST /account/set-up/look',
  'POST /account/session/account',
  'POST /account/device-sign-ins',
  'POST /account/device-sign-ins/complete',
  'POST /account/device-sign-ins/look',
  'POST /account/device-sign-ins/approve',
  'POST /account/device-sign-ins/refuse',
  'POST /account/password',
  'POST /account/two-factor',
  'POST /account/two-factor/confirm',
  'POST /account/two-factor/off',
  'POST /account/two-factor/recovery-codes',
])
