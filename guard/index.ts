export type { AccessToken } from './access-token.ts'
export { type BearerErrorCode, GuardError, type RefusalProblem } from './errors.ts'
export { createGuard, type Guard, type GuardOptions } from './guard.ts'
export type { Refusals } from './refusals.ts'
