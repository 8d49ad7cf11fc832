import { readFileSync } from 'node:fs'
import { Ajv } from 'ajv'
import { type Static, Type } from 'typebox'
import { apiIdPattern, catalogueBounds, scopeNamePattern } from '../catalogue/rules.ts'
import { apiDescription, audiences, newScope } from '../catalogue/schemas.ts'
import { tokenLifetime } from '../clients/client.ts'
import { passwordLength } from '../people/password.ts'
import { roles } from '../vocabulary/permission.ts'
import { authenticationMembers } from './declared-authentication.ts'

const scopeName = Type.String({ pattern: scopeNamePattern })
const name = Type.String({ minLength: 1, maxLength: 100, pattern: '^[^\\u0000-\\u001f\\u007f]+$' })
const id = Type.String({ pattern: apiIdPattern })
const strict = { additionalProperties: false }
const clientId = Type.String({ pattern: '^[A-Za-z0-9][A-Za-z0-9._~-]{2,127}$' })

const secret = Type.Object(
  {
    name,
    secret: Type.String({
      pattern: '^(?!lk_)[A-Za-z0-9_-]{43,200}$',
      description: 'At least 43 characters of A-Z a-z 0-9 _ - and not beginning with lk_.',
    }),
  },
  strict,
)

const client = Type.Object(
  {
    clientId,
    environment: Type.Union([Type.Literal('test'), Type.Literal('production')]),
    name,
    scopes: Type.Optional(Type.Array(scopeName, { uniqueItems: true, maxItems: 200 })),
    tokenLifetimeSeconds: Type.Optional(
      Type.Integer({ minimum: tokenLifetime.minSeconds, maximum: tokenLifetime.maxSeconds }),
    ),
    secrets: Type.Optional(Type.Array(secret, { maxItems: 2 })),
    ...authenticationMembers,
  },
  strict,
)

const member = Type.Object(
  {
    email: Type.String({ pattern: '^[^@\\s]+@[^@\\s]+$', maxLength: 254 }),
    name,
    password: Type.Optional(
      Type.String({
        minLength: passwordLength.min,
        maxLength: passwordLength.max,
        description: 'At least 12 characters. Needed for somebody new; whoever is there keeps his own.',
      }),
    ),
    role: Type.Union(roles.map((role) => Type.Literal(role))),
  },
  strict,
)

const account = Type.Object(
  {
    id,
    name,
    production: Type.Optional(Type.Union([Type.Literal('none'), Type.Literal('approved')])),
    operator: Type.Optional(
      Type.Boolean({ description: 'True for the account of those who run this service.' }),
    ),
    scopes: Type.Optional(
      Type.Array(scopeName, {
        uniqueItems: true,
        maxItems: 1000,
        description: 'Scopes of access granted that it is given; others that it has stay.',
      }),
    ),
    members: Type.Optional(Type.Array(member, { maxItems: 1000 })),
    clients: Type.Optional(Type.Array(client)),
  },
  strict,
)

const api = Type.Object(
  {
    id,
    name,
    description: Type.Optional(apiDescription),
    audiences,
    scopes: Type.Array(newScope, { maxItems: catalogueBounds.scopesOfApi }),
    resourceServers: Type.Optional(
      Type.Array(clientId, {
        uniqueItems: true,
        maxItems: 50,
        description: 'The clients that may introspect tokens for this API.',
      }),
    ),
  },
  strict,
)

/** The declared set-up: what `LATCHKEY_APPLY` names. Its JSON Schema is docs/declared-setup.schema.json. */
export const declaredSetupSchema = Type.Object(
  { accounts: Type.Optional(Type.Array(account)), apis: Type.Optional(Type.Array(api)) },
  { ...strict, title: 'Declared set-up of Latchkey' },
)

export type DeclaredSetup = Static<typeof declaredSetupSchema>
export type DeclaredAccount = Static<typeof account>
export type DeclaredMember = Static<typeof member>
export type DeclaredClient = Static<typeof client>
export type DeclaredApiEntry = Static<typeof api>

/** All that is wrong with a declared set-up, a sentence each; nothing was changed. */
export class SetupError extends Error {
  readonly errors: string[]

  constructor(errors: string[]) {
    super(errors.join('\n'))
    this.name = 'SetupError'
    this.errors = errors
  }
}

/**
 * Reads a declared set-up from JSON.
 * @throws {SetupError} naming every place that does not fit; a secret's value is never in it.
 */
export function parseDeclaredSetup(text: string): DeclaredSetup {
  const setup = parseJson(text)
  const validate = new Ajv({ allErrors: true }).compile<DeclaredSetup>(declaredSetupSchema)
  if (validate(setup)) return setup
  throw new SetupError(
    (validate.errors ?? []).map((error) => {
      const place = error.instancePath.slice(1).replaceAll('/', '.') || 'the file'
      if (error.keyword === 'additionalProperties')
        return `${place}: ${error.params.additionalProperty} is not a member here.`
      if (error.instancePath.endsWith('/secret'))
        return `${place}: a secret has at least 43 characters of A-Z a-z 0-9 _ - and does not begin with lk_.`
      if (error.instancePath.endsWith('/password')) return `${place}: a password has 12 to 256 characters.`
      return `${place}: ${error.message}.`
    }),
  )
}

/** @param named who names the file. @throws {SetupError} when it cannot be read. */
export function readSetupFile(file: string, named: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw new SetupError([
      `${named} names ${JSON.stringify(file)}, which cannot be read (${error instanceof Error && 'code' in error ? error.code : 'unreadable'}).`,
    ])
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // The parser's own message repeats a piece of the file, which may be a secret.
    throw new SetupError(['the file is not valid JSON.'])
  }
}
