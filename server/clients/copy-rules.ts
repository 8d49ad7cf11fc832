// What of a test client goes to production, what does not, and what is to be looked at. Pure.
import type { Static } from 'typebox'
import type { ClientMembers } from './client-members.ts'
import type { copiedClientAnswer } from './client-schema.ts'
import { objectionTo, type ScopeQuestion } from './scope-rules.ts'

type Copied = Static<typeof copiedClientAnswer>
export type Difference = Copied['differences'][number]
export type CheckItem = Copied['checklist'][number]

/** What a copy is made of: everything but keys, certificates, secrets and how it proves who it is. */
export type CopiedMembers = Pick<
  ClientMembers,
  | 'name'
  | 'description'
  | 'scopes'
  | 'tokenLifetimeSeconds'
  | 'allowedNetworks'
  | 'dpopBound'
  | 'certificateBound'
>

/** The members of a test client for its copy, and why a scope stays behind. */
export function membersToCopy(
  test: ClientMembers,
  question: ScopeQuestion,
): { members: CopiedMembers; leftOut: Map<string, string> } {
  const leftOut = new Map<string, string>()
  for (const scope of test.scopes) {
    // A reserved scope is given by a person to one client, never by a copy.
    const objection =
      question.catalogue.find(scope)?.access === 'reserved'
        ? `The scope ${scope} is given to each client by itself, never by a copy.`
        : objectionTo(scope, question)?.text
    if (objection !== undefined) leftOut.set(scope, objection)
  }
  const { name, description, tokenLifetimeSeconds, allowedNetworks, dpopBound, certificateBound } = test
  const scopes = test.scopes.filter((scope) => !leftOut.has(scope))
  return {
    members: {
      name,
      description,
      scopes,
      tokenLifetimeSeconds,
      allowedNetworks,
      dpopBound,
      certificateBound,
    },
    leftOut,
  }
}

/** Where the copy is not as the test client, and why. Keys are never shown, only that there are some. */
export function differencesOf(
  test: ClientMembers,
  copy: ClientMembers,
  leftOut: ReadonlyMap<string, string>,
): Difference[] {
  const asked = 'It was asked for.'
  const differences: Difference[] = []
  const compare = (member: string, before: unknown, after: unknown, reason: string) => {
    if (JSON.stringify(before) !== JSON.stringify(after))
      differences.push({ member, test: before, production: after, reason })
  }
  compare('name', test.name, copy.name, asked)
  compare('description', test.description, copy.description, asked)
  compare('scopes', test.scopes.toSorted(), copy.scopes.toSorted(), [...leftOut.values()].join(' ') || asked)
  compare('tokenLifetimeSeconds', test.tokenLifetimeSeconds, copy.tokenLifetimeSeconds, asked)
  compare('allowedNetworks', test.allowedNetworks, copy.allowedNetworks, asked)
  compare(
    'authenticationMethods',
    test.authenticationMethods,
    copy.authenticationMethods,
    'Credentials are not copied: the copy has a new secret. Set the keys or certificates of production, then the methods.',
  )
  compare('jwks', test.jwks !== null, copy.jwks !== null, 'Keys are not copied: production has its own.')
  compare('jwksUri', test.jwksUri, copy.jwksUri, 'Keys are not copied: production has its own.')
  compare(
    'tlsClientAuth',
    test.tlsClientAuth !== null,
    copy.tlsClientAuth !== null,
    'Certificates are not copied: production has its own.',
  )
  compare(
    'tokenQuotaPerHour',
    test.tokenQuotaPerHour,
    copy.tokenQuotaPerHour,
    'The quota of test says nothing of production: the copy has that of all clients.',
  )
  compare(
    'legacyAudienceUntil',
    test.legacyAudienceUntil,
    copy.legacyAudienceUntil,
    'A client that is new has no assertions from before.',
  )
  return differences
}

/** What is wise to look at before the copy is used. */
export function checklistOf(test: ClientMembers, copy: ClientMembers, secretExpires: boolean): CheckItem[] {
  const usedKeys = test.jwks !== null || test.jwksUri !== null || test.tlsClientAuth !== null
  return [
    {
      item: 'secret_expires',
      done: secretExpires,
      message: secretExpires
        ? 'The secret expires. Rotate it before.'
        : 'The secret never expires. Send secret.expiresInDays, or set its expiry now.',
    },
    {
      item: 'scopes_narrowed',
      done: copy.scopes.length < test.scopes.length,
      message:
        copy.scopes.length < test.scopes.length
          ? `It has ${copy.scopes.length} of the ${test.scopes.length} scopes of the test client.`
          : 'It has all scopes of the test client. Take away those that it does not use.',
    },
    {
      item: 'networks_set',
      done: copy.allowedNetworks.length > 0,
      message:
        copy.allowedNetworks.length > 0
          ? 'It may call from its allowedNetworks only. Check that they are those of production.'
          : 'It may call from everywhere. Set allowedNetworks to where production runs.',
    },
    {
      item: 'credentials_set',
      done: !usedKeys,
      message: usedKeys
        ? 'The test client uses keys or a certificate; these were not copied. Set those of production.'
        : 'It has a secret of its own.',
    },
  ]
}
