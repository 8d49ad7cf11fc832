import type { Environment } from './environment.ts'

/** Whose row it is: every stored thing of an API belongs to one account in one environment. */
export interface Owner {
  accountId: string
  environment: Environment
}
