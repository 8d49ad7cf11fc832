import { retiredText } from '../catalogue/availability.ts'
import type { Catalogue } from '../catalogue/catalogue.ts'
import type { Client } from '../clients/client.ts'
import { OAuthError } from '../vocabulary/oauth-error.ts'

// RFC 6749 §3.3: scope-token = 1*( %x21 / %x23-5B / %x5D-7E ). No comma either: ours have none, and it is
// the usual mistake.
const scopeToken = /^[!#-+\--[\]-~]+$/

/** How long a scope may be to be named in an answer. */
const namedLength = 64

/**
 * The scopes of a request, sorted and without repeats. Spaces too many are forgiven.
 * @throws {OAuthError} `invalid_scope` for a character that no scope has.
 */
export function readScopes(text: string | undefined): string[] {
  if (text === undefined) return []
  const names = text.split(' ').filter((name) => name !== '')
  if (!names.every((name) => scopeToken.test(name))) {
    throw new OAuthError(
      'invalid_scope',
      'The scope has a character that no scope has. Separate scopes by single spaces, without commas, quotes or line breaks.',
    )
  }
  return [...new Set(names)].sort()
}

/**
 * The scopes that the client gets: exactly those it asked for, or none at all (RFC 6749 §3.3; a set that
 * is trimmed silently is found out only in production).
 */
export function resolveScopes(requested: readonly string[], client: Client, catalogue: Catalogue): string[] {
  const edit = `/${client.environment}/account/api-clients/${encodeURIComponent(client.id)}/edit?advanced=1`
  if (client.scopes.length === 0) {
    throw new OAuthError(
      'invalid_scope',
      'This client has no scopes yet. Open Edit, Show advanced settings and select at least one.',
      { errorPath: `${edit}#scopes` },
    )
  }
  if (requested.length === 0) {
    throw new OAuthError(
      'invalid_scope',
      'The request names no scope. Add scope= with scopes that this client has, separated by spaces. All scopes: /docs/scopes',
    )
  }
  for (const name of requested) {
    const scope = catalogue.find(name)
    if (!scope) throw unknownScope(name, catalogue)
    if (scope.retiredAt !== null)
      throw new OAuthError('invalid_scope', describable(retiredText(scope)), { errorPath: '/docs/scopes' })
  }
  for (const scope of requested) {
    if (client.scopes.includes(scope)) continue
    throw new OAuthError(
      'invalid_scope',
      `This client may not request ${scope}. Add it under Account, API Clients, Edit, Show advanced settings, Save. Direct link in error_uri.`,
      { errorPath: `${edit}&scope=${encodeURIComponent(scope)}#scopes` },
    )
  }
  return [...requested]
}

// RFC 6749 §5.2: what an error_description may hold. The note of an operator may have any letter.
function describable(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{Mark}/gu, '')
    .replaceAll('"', "'")
    .replaceAll('\\', '/')
    .replace(/[^ -~]/gu, '?')
}

function unknownScope(scope: string, catalogue: Catalogue): OAuthError {
  // Input is never echoed, but for a scope of ordinary length to a client that proved who it is.
  if (scope.length > namedLength)
    return new OAuthError('invalid_scope', 'Unknown scope. All scopes: /docs/scopes', {
      errorPath: '/docs/scopes',
    })
  const guess = catalogue.suggest(scope)
  const hint = guess ? ` Did you mean ${guess}?` : ''
  return new OAuthError('invalid_scope', `Unknown scope ${scope}.${hint} All scopes: /docs/scopes`, {
    errorPath: '/docs/scopes',
  })
}
