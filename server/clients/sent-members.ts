// What was sent of a client, as it is kept, and what is wrong with it by itself.
import { Problem } from '../vocabulary/problem.ts'
import type { NamedMembers } from './client-members.ts'
import type { SentMembers } from './client-schema.ts'
import { readNetworks } from './networks.ts'

/** @throws {Problem} `invalid_value` naming everything that cannot be used. */
export function readMembers(sent: SentMembers): NamedMembers {
  const errors: string[] = []
  const networks = sent.allowedNetworks && readNetworks(sent.allowedNetworks)
  if (networks) errors.push(...networks.errors)
  const until = readTime(sent.legacyAudienceUntil)
  // A leap second has the right form, but the clock here has none.
  if (Number.isNaN(until)) errors.push('legacyAudienceUntil: there is no such time.')
  refuseErrors(errors)
  return {
    name: sent.name,
    description: sent.description,
    scopes: sent.scopes,
    tokenLifetimeSeconds: sent.tokenLifetimeSeconds,
    allowedNetworks: networks?.networks,
    tokenQuotaPerHour: sent.tokenQuotaPerHour,
    authenticationMethods: sent.authenticationMethods,
    jwks: sent.jwks,
    jwksUri: sent.jwksUri,
    tlsClientAuth: sent.tlsClientAuth,
    dpopBound: sent.dpopBoundAccessTokens,
    certificateBound: sent.certificateBoundAccessTokens,
    legacyAudienceUntil: until,
  }
}

/** @throws {Problem} when there is anything; a sentence begins with its member and a colon where it has one. */
export function refuseErrors(errors: readonly string[]): void {
  if (errors.length === 0) return
  throw new Problem('invalid_value', errors.join(' '), {
    members: {
      errors: errors.map((message) => {
        const [, member] = /^([a-zA-Z0-9.]+): /.exec(message) ?? []
        return { field: member === undefined ? 'body' : `body.${member}`, message }
      }),
    },
  })
}

function readTime(text: string | null | undefined): number | null | undefined {
  return typeof text === 'string' ? Date.parse(text) : text
}
