import { Type } from 'typebox'
import { environments } from '../vocabulary/environment.ts'

/** The environment in the address of an operation of the account API. */
export const environmentParam = Type.Enum([...environments])
