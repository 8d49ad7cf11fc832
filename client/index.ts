export type { Authorization, Authorize, CallAnswer, CallToAuthorize } from './calls/authorization.ts'
export type { DpopKey, ProvenCall } from './calls/dpop.ts'
export { createClient, type Latchkey, type TokenFunction } from './create-client.ts'
export {
  InsufficientScopeError,
  LatchkeyError,
  OriginError,
  SettingsError,
  TokenRefusedError,
  TokenRequestError,
} from './errors.ts'
export type { Measurement, Observe } from './observation/measurement.ts'
export type { TokenStats } from './observation/tally.ts'
export type { ClientAuthentication, Credential, Proof, ProofRequest } from './settings/credential.ts'
export type { ClientOptions, Fetch, SecretMethod, SecretSource } from './settings/options.ts'
export type { TokenStore } from './store/token-store.ts'
