/** Where a client, a token or a row belongs. Nothing crosses from one to the other. */
export type Environment = 'test' | 'production'

export const environments: readonly Environment[] = ['test', 'production']

/** The short form that ids and secrets show: `test-quiet-fjord-482`, `lk_prod_…`. */
export function environmentPrefix(environment: Environment): 'test' | 'prod' {
  return environment === 'test' ? 'test' : 'prod'
}
