export { createClient, type Latchkey } from './create-client.ts'
export {
  InsufficientScopeError,
  LatchkeyError,
  OriginError,
  SettingsError,
  TokenRefusedError,
  TokenRequestError,
} from './errors.ts'
export type { ClientOptions, Fetch, SecretSource } from './settings/settings.ts'
