// What the suite needs to know of the server under test. Everything but issuer and one client is optional:
// a check that needs what a target lacks is skipped, with the reason.
import { type Static, type TProperties, Type } from 'typebox'

const strict = <Properties extends TProperties>(properties: Properties) =>
  Type.Object(properties, { additionalProperties: false })

const credentials = strict({ clientId: Type.String(), clientSecret: Type.String() })

const knownClient = strict({
  clientId: Type.String(),
  clientSecret: Type.String(),
  /** What it may ask for; the first scopes are used most. */
  scopes: Type.Array(Type.String()),
  /** How long its tokens live. Default: 3600. */
  lifetimeSeconds: Type.Optional(Type.Integer()),
})

const assertionClient = strict({
  clientId: Type.String(),
  scopes: Type.Array(Type.String()),
  /** The private halves of its registered EC keys (P-256), as JWKs with `kid`; more than four show the bound. */
  privateJwks: Type.Array(Type.Record(Type.String(), Type.Unknown())),
  /** A right secret that it may not use. */
  clientSecret: Type.Optional(Type.String()),
})

const guardedCall = strict({
  scope: Type.String({ description: 'The scope that the call needs.' }),
  url: Type.String(),
  method: Type.String(),
  contentType: Type.Optional(Type.String()),
  body: Type.Optional(Type.String({ description: 'With the right token this makes the call succeed.' })),
})

/** A target as a JSON file describes it; README.md says what each member is for. */
export const targetSchema = strict({
  client: knownClient,
  clients: Type.Optional(
    strict({
      withoutScopes: Type.Optional(credentials),
      withDefaultScopes: Type.Optional(knownClient),
      withoutGrant: Type.Optional(credentials),
      production: Type.Optional(knownClient),
      disabled: Type.Optional(credentials),
      expiredSecret: Type.Optional(credentials),
      reservedCharacters: Type.Optional(credentials),
      secretWithColons: Type.Optional(credentials),
      tenScopes: Type.Optional(knownClient),
      /** Its tokens are always bound to a DPoP key. */
      dpopBound: Type.Optional(knownClient),
      /** Its tokens are always bound to its certificate. */
      certificateBound: Type.Optional(knownClient),
      /** Manages the clients of its account by scopes that are given, not picked. */
      account: Type.Optional(knownClient),
      /** The same for production, of the same account. */
      productionAccount: Type.Optional(knownClient),
      /** Of those who run the server. */
      operator: Type.Optional(knownClient),
    }),
  ),
  /** A client set up for private_key_jwt. */
  assertionClient: Type.Optional(assertionClient),
  ungrantedScope: Type.Optional(Type.String()),
  /** Scopes of the server's own operations: in the OpenAPI document, in no list of what a client can pick. */
  reservedScopes: Type.Optional(Type.Array(Type.String())),
  guarded: Type.Optional(Type.Array(guardedCall)),
  productionOnly: Type.Optional(guardedCall),
  audiences: Type.Optional(strict({ test: Type.String(), production: Type.String() })),
  /** Two APIs whose scopes `clients.tenScopes` has: a scope of each and its audience. */
  resources: Type.Optional(Type.Array(strict({ scope: Type.String(), audience: Type.String() }))),
  deprecatedOrigin: Type.Optional(Type.String()),
  scopesPage: Type.Optional(Type.String()),
  openApi: Type.Optional(Type.String()),
  /** Where `clients.account` manages the clients of its account: the part before the environment. */
  accountApi: Type.Optional(Type.String()),
  /** True: thousands of failures in a minute are welcome. */
  mayFlood: Type.Optional(Type.Boolean()),
})

export type TargetDescription = Static<typeof targetSchema>
export type Credentials = Static<typeof credentials>
export type KnownClient = Static<typeof knownClient>
export type AssertionClient = Static<typeof assertionClient>
export type GuardedCall = Static<typeof guardedCall>
export type Json = Record<string, unknown>

/** What the metadata of the server says (RFC 8414). */
export interface Discovered {
  metadataUrl: string
  metadata: Json
  issuer: string
  tokenEndpoint: string
  jwksUri: string
}

/** An API whose guard fetches the published keys over HTTP. */
export interface FetchingApi {
  call: GuardedCall
  /** How often the keys were fetched. */
  fetches: () => number
  /** From now on the keys cannot be fetched. */
  breakKeys: () => void
  close: () => Promise<void>
}

/** Another node of the same deployment, behind a proxy that hands on certificates (RFC 9440). */
export interface OtherNode {
  /** Where it is; its public URL is the deployment's. */
  origin: string
  /** Certificates of callers: the header that the proxy sends, and `x5t#S256`. */
  certificates: readonly [Certificate, Certificate]
  close: () => Promise<void>
}

export interface Certificate {
  header: string
  thumbprint: string
}

/** A client that authenticates by its certificate. */
export interface CertificateClient extends KnownClient {
  /** What the proxy sends when it calls (RFC 9440). */
  header: string
}

/** Registered with a name that the certificate has, or has not, or with the certificate itself, which is expired. */
export type CertificateClients = Record<
  'subject' | 'otherSubject' | 'alternativeName' | 'otherAlternativeName' | 'selfSigned',
  CertificateClient
>

/** The signing keys as the operator of the server has them in hand. */
export interface KeyControl {
  rotate: (mode: 'scheduled' | 'now' | 'emergency', algorithm?: 'ES256' | 'EdDSA' | 'RS256') => Promise<void>
  /** What the server does by itself from time to time. */
  runPeriodicWork: () => Promise<void>
  /** Takes all keys away. @returns what brings them back. */
  lose: () => Promise<() => Promise<void>>
  /** Every value in the database, as text. */
  dump: () => Promise<string[]>
}

/** What only a server inside this process can offer. */
export interface Inside {
  /** Every log line so far. */
  logLines?: () => readonly string[]
  advanceClock?: (ms: number) => void
  /** A token signed by a published key of the issuer; the changes go over an ordinary header. */
  sign?: (header: Json, claims: Json) => string
  /** The ES256 signature of any text by the same key. */
  signInput?: (input: string) => Buffer
  keys?: KeyControl
  makeClient?: () => Promise<KnownClient>
  /** How often a client was loaded from the database. */
  clientLoads?: () => number
  openFetchingApi?: () => Promise<FetchingApi>
  openOtherNode?: () => Promise<OtherNode>
  /** Set up for private_key_jwt, and for the old audience for a minute from the start. */
  legacyAudienceClient?: AssertionClient
  /** A client whose keys were fetched from its `jwks_uri`, which hangs now. */
  openPublishingClient?: () => Promise<{ client: AssertionClient; close: () => Promise<void> }>
  certificateClients?: CertificateClients
  /** Ids of objects that belong to the production client, by the name of the path parameter. */
  productionObjects?: Readonly<Record<string, string>>
  /** The same of objects that belong to no environment. */
  sharedObjects?: Readonly<Record<string, string>>
  /** The texts of refusals word for word are promised by our own server only. */
  promisesTexts?: boolean
}

export interface Target extends TargetDescription, Discovered, Inside {
  /** The server's clock in milliseconds. */
  now: () => number
}

export interface OpenTarget {
  target: Target
  close: () => Promise<void>
}

/** The target has not what a check needs; the check is skipped, not failed. */
export class Lacking extends Error {}

/** @throws {Lacking} when the target does not have it. */
export function need<Value>(value: Value | undefined, what: string): Value {
  if (value !== undefined) return value
  throw new Lacking(`the target has no ${what}`)
}

/** The guarded call that needs this scope, or any. @throws {Lacking} */
export function guardedCallOf(target: Target, scope?: string): GuardedCall {
  const call = target.guarded?.find((candidate) => scope === undefined || candidate.scope === scope)
  return need(call, scope === undefined ? 'guarded URL' : `guarded URL that needs ${scope}`)
}
