import { refusals } from './refusals.ts'
import { renewal } from './renewal.ts'
import { reuse } from './reuse.ts'
import { secrets } from './secrets.ts'
import { trouble } from './trouble.ts'

/** Every row of the table, in its order. */
export const scenarios = [...reuse, ...refusals, ...renewal, ...trouble, ...secrets]
