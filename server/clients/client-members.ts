// What people may change of a client, what a change of it changes, and what the audit trail says of that. Pure.

import { isoTimeOrNull } from '../vocabulary/clock.ts'
import { authenticationFacts, type NamedAuthentication } from './authentication-facts.ts'
import { type Client, tokenLifetime } from './client.ts'
import { summariseCertificate, summariseKeys } from './key-summary.ts'
import type { ClientFacts } from './store.ts'

/** All that may be changed. */
export type ClientMembers = Required<Omit<ClientFacts, 'id' | 'accountId' | 'environment' | 'copiedFrom'>>

export type MemberName = keyof ClientMembers

/** What somebody names; what is left out stays. */
export type NamedMembers = { [Name in MemberName]?: ClientMembers[Name] | undefined }

/** What changes how a client authenticates: credentials in the widest sense. */
export const credentialMembers: readonly MemberName[] = [
  'authenticationMethods',
  'jwks',
  'jwksUri',
  'tlsClientAuth',
]

/** What keeps a stolen credential or token from being used: to weaken it helps whoever has one. */
export const protectingMembers: readonly MemberName[] = [
  ...credentialMembers,
  'allowedNetworks',
  'dpopBound',
  'certificateBound',
  'legacyAudienceUntil',
]

/** What ends something that worked: who changes it is told where that is in effect. */
export const endingMembers: readonly MemberName[] = [
  ...credentialMembers,
  'scopes',
  'allowedNetworks',
  'dpopBound',
  'certificateBound',
]

/** Lists whose order says nothing. */
const sets: readonly MemberName[] = ['scopes', 'authenticationMethods', 'allowedNetworks']

/** What a new client has when nothing is named. */
const defaults: Omit<ClientMembers, keyof NamedAuthentication> = {
  name: '',
  description: '',
  scopes: [],
  tokenLifetimeSeconds: tokenLifetime.defaultSeconds,
  allowedNetworks: [],
  tokenQuotaPerHour: null,
}

/** What may be changed of a client, as it is. */
export function membersOf(client: Client): ClientMembers {
  return {
    ...authenticationFacts({}, client),
    name: client.name,
    description: client.description,
    scopes: client.scopes,
    tokenLifetimeSeconds: client.tokenLifetimeSeconds,
    allowedNetworks: client.allowedNetworks,
    tokenQuotaPerHour: client.tokenQuotaPerHour,
  }
}

/** What holds after a change: what it names, otherwise what is known; a set in another order is the same. */
export function mergeMembers(named: NamedMembers, known?: ClientMembers): ClientMembers {
  const before = known ?? { ...defaults, ...authenticationFacts({}) }
  return {
    ...authenticationFacts(named, before),
    name: named.name ?? before.name,
    description: named.description ?? before.description,
    scopes: named.scopes ?? before.scopes,
    tokenLifetimeSeconds: named.tokenLifetimeSeconds ?? before.tokenLifetimeSeconds,
    allowedNetworks: named.allowedNetworks ?? before.allowedNetworks,
    tokenQuotaPerHour:
      named.tokenQuotaPerHour === undefined ? before.tokenQuotaPerHour : named.tokenQuotaPerHour,
  }
}

/** The members that differ. */
export function changedMembers(before: ClientMembers, after: ClientMembers): MemberName[] {
  const names = Object.keys(after).filter((name): name is MemberName => name in before)
  return names.filter((name) => comparable(before, name) !== comparable(after, name))
}

function comparable(members: ClientMembers, name: MemberName): string {
  const value = members[name]
  return JSON.stringify(Array.isArray(value) && sets.includes(name) ? value.toSorted() : value)
}

/** These members as the audit trail keeps them: by their names of the API, times as text, of keys which they are. */
export function auditMembers(members: ClientMembers, names: readonly MemberName[]): Record<string, unknown> {
  const { jwks, tlsClientAuth, legacyAudienceUntil, dpopBound, certificateBound, ...plain } = members
  const shown: Record<MemberName, [name: string, value: unknown]> = {
    name: ['name', plain.name],
    description: ['description', plain.description],
    scopes: ['scopes', plain.scopes],
    tokenLifetimeSeconds: ['tokenLifetimeSeconds', plain.tokenLifetimeSeconds],
    allowedNetworks: ['allowedNetworks', plain.allowedNetworks],
    tokenQuotaPerHour: ['tokenQuotaPerHour', plain.tokenQuotaPerHour],
    authenticationMethods: ['authenticationMethods', plain.authenticationMethods],
    jwks: ['jwks', jwks && summariseKeys(jwks)],
    jwksUri: ['jwksUri', plain.jwksUri],
    tlsClientAuth: ['tlsClientAuth', tlsClientAuth && summariseCertificate(tlsClientAuth)],
    dpopBound: ['dpopBoundAccessTokens', dpopBound],
    certificateBound: ['certificateBoundAccessTokens', certificateBound],
    legacyAudienceUntil: ['legacyAudienceUntil', isoTimeOrNull(legacyAudienceUntil)],
  }
  return Object.fromEntries(names.map((name) => shown[name]))
}

/** What is to be said of a new client: name and scopes, and what is not as on every client. */
export function newMembers(members: ClientMembers): MemberName[] {
  const { name, scopes } = members
  return ['name', 'scopes', ...changedMembers(mergeMembers({ name, scopes }), members)]
}
