import type { DpopKey } from '../calls/dpop.ts'
import type { Observe } from '../observation/measurement.ts'
import type { TokenStore } from '../store/token-store.ts'
import type { ClientAuthentication } from './credential.ts'

/** `fetch` as every runtime has it. */
export type Fetch = (input: string | URL | Request, init?: RequestInit) => Promise<Response>

/** The secret itself, or a function that fetches it from where it is kept. */
export type SecretSource = string | (() => string | Promise<string>)

/** How a secret travels: in the header (RFC 6749 §2.3.1), or in the form, for proxies that drop the header. */
export type SecretMethod = 'client_secret_basic' | 'client_secret_post'

/** The arguments of `createClient`. Each may be left out where its environment variable is set. */
export interface ClientOptions {
  /** Where Latchkey is: an origin without path, https (http only on loopback). Else `LATCHKEY_URL`. */
  url?: string | undefined
  /** The API client's id. Else `LATCHKEY_CLIENT_ID`. */
  clientId?: string | undefined
  /**
   * The API client's secret, or a function that gets it. Else `LATCHKEY_CLIENT_SECRET`, or the file that
   * `LATCHKEY_CLIENT_SECRET_FILE` names. It is read at the first call, and once again when the server says
   * `invalid_client`: a secret that was rotated meanwhile is picked up.
   */
  clientSecret?: SecretSource | undefined
  /**
   * How the client proves who it is: `client_secret_basic` (the default), `client_secret_post`, or what
   * `privateKeyJwt` of `@latchkey/client/private-key-jwt` makes, which needs no secret.
   */
  authentication?: SecretMethod | ClientAuthentication | undefined
  /** Binds tokens to a key, so that a stolen one is useless (RFC 9449): what `createDpopKey` of `@latchkey/client/dpop` makes. */
  dpop?: DpopKey | undefined
  /** The scopes to request, for example `['document_read']`. Else `LATCHKEY_SCOPES`, separated by spaces. */
  scopes?: readonly string[] | undefined
  /** The API that the token is for, as it is registered (RFC 8707). Without it, the APIs of all scopes. */
  resource?: string | undefined
  /** Origins beside `url` that may receive the token: APIs that accept it, for example `['https://orders.example']`. */
  origins?: readonly string[] | undefined
  /** Sends every request, token requests too; the global `fetch` by default. It must follow the fetch standard. */
  fetch?: Fetch | undefined
  /** Renew a token that an API refuses with 401, and try once more. Default true. */
  retryOn401?: boolean | undefined
  /** Let `fetch` throw `TokenRefusedError` and `InsufficientScopeError` in place of a 401 or 403. Default false. */
  throwOnRefusal?: boolean | undefined
  /** Share tokens with every other client of this process that has the same settings. Default true. */
  shareTokens?: boolean | undefined
  /**
   * Where processes share tokens: `fileStore` of `@latchkey/client/file-store`, or your own. What is kept there is
   * encrypted with a key made from the credential. When the store fails, it is as if it were empty.
   */
  store?: TokenStore | undefined
  /** Gets every measurement, for example `observeWith` of `@latchkey/client/opentelemetry`. It must not throw. */
  observe?: Observe | undefined
  /** Gets a sentence when something is amiss that no call fails of. Default `console.warn`. */
  onWarning?: ((message: string) => void) | undefined
  /**
   * The name of a file of variables, `~/.config/latchkey/NAME.env` (on Windows in `%APPDATA%\latchkey`), with the
   * same names as the environment. Else `LATCHKEY_PROFILE`.
   */
  profile?: string | undefined
}
