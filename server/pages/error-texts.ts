// What each code means, for the page that `error_uri` and `type` name.
import { type ProblemType, problems } from '../vocabulary/problem.ts'

export interface ErrorText {
  title: string
  meaning: string
  mend: string[]
}

const oauthTexts: Record<string, ErrorText> = {
  invalid_request: {
    title: 'invalid_request: the request is not valid',
    meaning:
      'Something in the request is missing, repeated or malformed. The description in the answer says what.',
    mend: [
      'At the token endpoint send a form: Content-Type application/x-www-form-urlencoded, with grant_type=client_credentials&scope=… on one line.',
      'Send each parameter once, and the client secret by HTTP Basic only, never in the address.',
      'At an API, look at errors in the answer: it names each member that does not fit.',
    ],
  },
  invalid_client: {
    title: 'invalid_client: the client could not be authenticated',
    meaning:
      'Client id and secret do not belong together, or the request carries none. Outsiders are not told which.',
    mend: [
      'Send HTTP Basic: base64(client_id:client_secret). With curl: -u client_id:client_secret.',
      'Look for a trailing newline, and for a secret of the other environment: lk_test_ goes with test-, lk_prod_ with prod-.',
      'A secret may have expired or been revoked: make a new one on the page of the client.',
    ],
  },
  unauthorized_client: {
    title: 'unauthorized_client: the client may not use this grant',
    meaning: 'The grant type is offered, but this client is not set up for it.',
    mend: ['Use grant_type=client_credentials.'],
  },
  unsupported_grant_type: {
    title: 'unsupported_grant_type: this grant is not offered',
    meaning: 'Only client credentials are offered: the client acts for itself.',
    mend: ['Send grant_type=client_credentials.'],
  },
  invalid_grant: {
    title: 'invalid_grant: the token belongs to another client',
    meaning: 'A client can revoke its own tokens only. The token stays valid.',
    mend: ['Authenticate as the client that the token was issued to.'],
  },
  invalid_scope: {
    title: 'invalid_scope: the client may not have this scope',
    meaning:
      'A scope is unknown, retired, or not set up on the client. No token is issued with fewer scopes than were asked for.',
    mend: [
      'Compare the spelling with the list of scopes at /docs/scopes.',
      'Add the scope to the client: Account, API Clients, the client, Edit, Show advanced settings, select the scope, Save.',
      'Separate several scopes by single spaces.',
      'A retired scope comes back for nobody: the description says what to use instead.',
    ],
  },
  invalid_target: {
    title: 'invalid_target: the resource is not known',
    meaning:
      'The resource parameter names something that is not the audience of an API in the environment of the client.',
    mend: [
      'Leave resource out: the audience then follows the scopes.',
      'Or send the audience exactly as the API is registered, of the same environment as the client.',
    ],
  },
  invalid_dpop_proof: {
    title: 'invalid_dpop_proof: the DPoP proof is not valid',
    meaning:
      'A token that is bound to a DPoP key (RFC 9449) is requested and used with a proof: a JWT that the key signed for this one request. It is missing, does not verify, or is for another request. The answer says which.',
    mend: [
      'Make a new proof for each request: typ dpop+jwt, the public key as jwk, a new jti, htm, htu without query, iat.',
      'At an API send Authorization: DPoP TOKEN, and put the hash of the token into the proof as ath.',
      'Check the clock of the machine, and that htu is the address that you really call.',
    ],
  },
  use_dpop_nonce: {
    title: 'use_dpop_nonce: the DPoP proof needs a nonce',
    meaning:
      'Proofs carry a nonce of this server, so that none can be made ahead. It was missing or is too old; a fresh one is in the DPoP-Nonce header of the answer.',
    mend: [
      'Send the same request with a new proof that has the value of DPoP-Nonce as its nonce.',
      'Keep the nonce for the next requests, and take the new one whenever an answer brings one.',
    ],
  },
  rate_limited: {
    title: 'rate_limited: too many requests',
    meaning:
      'The limit of this minute is used up (429). Failed attempts to authenticate are limited for each client id in a network and for each address; token requests have a quota, because a token is there to be reused; endpoints that are open to everybody have a limit for each address.',
    mend: [
      'Wait as many seconds as Retry-After says. Do not repeat the request before.',
      'At the token endpoint look at the client id and the secret first: right ones get in also while wrong ones are slowed.',
      'Keep the token and reuse it until it is nearly expired: /docs/reuse says how.',
    ],
  },
  missing_token: {
    title: 'No access token',
    meaning: 'The API was called without an access token (401).',
    mend: ['Get a token from /oauth/connect/token, then send it on each call: Authorization: Bearer TOKEN.'],
  },
  invalid_token: {
    title: 'invalid_token: the access token is not valid',
    meaning: 'The token is expired, malformed, of another issuer or meant for another API (401).',
    mend: [
      'Request a new token and reuse it until shortly before expires_in runs out.',
      'Send the access_token itself: not the client secret, not the client id.',
      'Use a test client for test and a production client for production.',
    ],
  },
  insufficient_scope: {
    title: 'insufficient_scope: the token lacks the required scope',
    meaning:
      'The token is good, but this call needs a scope that it does not have (403). The answer names it in required.',
    mend: [
      'Open fixUrl of the answer, add the scope to the client and save.',
      'Then request a new token: old tokens do not change.',
    ],
  },
}

/** Every kind has its own way to be mended; these two are told above. */
const problemMend: Record<Exclude<ProblemType, 'invalid_request' | 'rate_limited'>, string[]> = {
  not_found: [
    'Check the id and the address.',
    'A token sees the rows of its own account and environment only: a test client does not see production.',
  ],
  ambiguous_credentials: ['Send the session cookie or the Authorization header, not both.'],
  signed_out: [
    'Sign in again. Your session may have ended on another device, by a new password, or because it grew old.',
    'A program uses an access token (Authorization: Bearer TOKEN), never the session of a person.',
  ],
  sign_in_failed: [
    'Check the address and the password. A new one: the link under the form.',
    'A code of a second factor works for 30 seconds: the clock of the phone must be right. A recovery code works once.',
  ],
  two_factor_required: [
    'Set up a second factor under Account, Settings, Two-factor sign-in. Operators need one in production.',
  ],
  email_unconfirmed: [
    'Open the link in the mail that came when you signed up, and choose a new password there.',
    'No mail? Send it again under Account, Settings. Without SMTP settings it lies in the folder data/mail of the server.',
  ],
  foreign_origin: [
    'Open the dashboard at its own address, the public URL of this service, and try it there.',
    'A program uses an access token instead of a session cookie.',
  ],
  permission_denied: [
    'The detail names what the caller may not do. Scopes that open the account API are given by an owner of the account, or by whoever runs this service; a token never gives them on.',
    'What only the operator may do takes a production client of the operator’s account with the scope operator.',
  ],
  wrong_environment: [
    'Use the token of a client of the environment in the address: test clients manage test, production clients production.',
  ],
  conflict: [
    'Read what is there (GET), then decide: the detail says what is in the way, such as a name that is taken or a third live secret.',
    'An Idempotency-Key belongs to one request. Use a new one for each thing that you want to be done.',
  ],
  precondition_failed: [
    'Look at changes in the answer: what others changed since the state that your If-Match names. Nothing of it was overwritten.',
    'Read it again, put your change on top, and send the new ETag as If-Match.',
  ],
  precondition_required: [
    'Read what you want to change and send the ETag of that answer, with its quotes: If-Match: "3".',
    'If-Match: * overwrites whatever is there.',
  ],
  invalid_value: [
    'The detail says which value cannot be used and why; the API reference says what it may be.',
  ],
  gone: [
    'A deletion can be taken back until undoUntil of its answer. Make a new one instead.',
    'A link of a mail works once, and for a limited time; a newer one ends it. Ask for another.',
  ],
  request_timeout: [
    'Send the whole request without pausing; a slow line may take 120 seconds for an upload.',
  ],
  headers_too_large: ['Send fewer or smaller headers: 16 kB in all. Cookies are the usual cause.'],
  storage_full: ['Nothing was changed. Whoever runs this service has to make room; then send it again.'],
  method_not_allowed: ['Use one of the methods in the Allow header of the answer.'],
  temporarily_unavailable: [
    'Wait as long as Retry-After says, then send the same request again. Nothing was changed.',
  ],
  internal_error: ['Try again. If it stays, give the requestId of the answer to whoever runs this service.'],
  payload_too_large: ['Send a smaller body. A document may have 25 MB, a token request 16 kB.'],
  unsupported_media_type: ['Send the Content-Type that the API reference names for this operation.'],
  invalid_document: ['Send the PDF itself: its first bytes are %PDF-.'],
  address_not_allowed: [
    'Call from one of the networks that the client may call from.',
    'Or let the owner of the client add this network: Account, API Clients, the client, Edit, Show advanced settings, allowed networks, Save.',
    'Behind a proxy or a NAT the address is that of the proxy. The owner sees in Logs from which address the call came.',
  ],
  invalid_cursor: ['Send the nextCursor of the page before, unchanged, or none for the first page.'],
}

/** The text of a code; undefined for one that we never answer. */
export function errorText(code: string): ErrorText | undefined {
  const oauth = oauthTexts[code]
  if (oauth) return oauth
  const problem = new Map(Object.entries(problems)).get(code)
  const mend = new Map(Object.entries(problemMend)).get(code)
  if (!problem || !mend) return undefined
  const [status, title] = problem
  return { title, meaning: `${title} (${status}). The detail of the answer says what exactly.`, mend }
}

/** Every code that has a page. */
export function errorCodes(): string[] {
  return [...new Set([...Object.keys(oauthTexts), ...Object.keys(problems)])].sort()
}
