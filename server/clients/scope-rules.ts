// Which scopes a client may be given: what is new must be there, in use and this account's to give. Pure.
import { type Entitlement, findObstacle, retiredText } from '../catalogue/availability.ts'
import type { Catalogue } from '../catalogue/catalogue.ts'
import type { AccountCaller } from '../vocabulary/account-caller.ts'
import type { Environment } from '../vocabulary/environment.ts'
import { isReservedScope } from '../vocabulary/permission.ts'
import { Problem, type ProblemType } from '../vocabulary/problem.ts'
import { refuseGrant } from './escalation.ts'

/** An account as the rules ask about it. */
export interface ScopeAccount extends Entitlement {
  operator: boolean
}

export interface ScopeQuestion {
  environment: Environment
  account: ScopeAccount
  catalogue: Pick<Catalogue, 'find' | 'suggest'>
}

/** Why a client may not be given a scope that it does not have. */
export interface Objection {
  type: Extract<ProblemType, 'invalid_value' | 'permission_denied'>
  text: string
}

/**
 * Scopes that a client has already may stay, and any may be taken away; what is added must pass.
 * @throws {Problem} `permission_denied` for what this caller or account may not, `invalid_value` for what nobody can.
 */
export function refuseScopes(
  caller: AccountCaller,
  wanted: readonly string[],
  had: readonly string[],
  question: ScopeQuestion,
): void {
  const added = wanted.filter((scope) => !had.includes(scope))
  // Who may not hand on a reserved scope learns nothing else first.
  for (const scope of added) if (isReservedScope(scope)) refuseGrant(caller, scope)
  const objections = added.flatMap((scope) => {
    const objection = objectionTo(scope, question)
    return objection ? { scope, ...objection } : []
  })
  const [first] = objections
  if (!first) return
  throw new Problem(first.type, objections.map(({ text }) => text).join(' '), {
    members: {
      errors: objections.map(({ scope, text }) => ({ field: `body.scopes.${scope}`, message: text })),
    },
  })
}

/** Why a client of this account and environment may not be given a scope, whoever asks; undefined: it may. */
export function objectionTo(scope: string, question: ScopeQuestion): Objection | undefined {
  const { account, catalogue, environment } = question
  const known = catalogue.find(scope)
  if (!known) {
    const guess = catalogue.suggest(scope)
    const hint = guess ? ` Did you mean ${guess}?` : ''
    return { type: 'invalid_value', text: `The scope ${scope} is unknown.${hint} All scopes: /docs/scopes` }
  }
  if (known.retiredAt !== null) return { type: 'invalid_value', text: retiredText(known) }
  if (isReservedScope(scope)) return reservedObjection(scope, question)
  const obstacle = findObstacle(known, account, environment)
  if (obstacle) return { type: 'permission_denied', text: `${scope}: ${obstacle.detail}` }
  if (known.deprecatedAt !== null) {
    const note = known.deprecationNote === null ? '' : ` ${known.deprecationNote}`
    return {
      type: 'invalid_value',
      text: `The scope ${scope} is deprecated: clients that have it may keep it, none gets it any more.${note}`,
    }
  }
  return undefined
}

function reservedObjection(scope: string, { account, environment }: ScopeQuestion): Objection | undefined {
  if (scope !== 'operator') return undefined
  if (account.operator && environment === 'production') return undefined
  return {
    type: 'invalid_value',
    text: 'The scope operator counts on production clients of the account that runs this service, and on no other.',
  }
}
