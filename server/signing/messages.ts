// What the server and the signing process say to each other. Both sides check it: neither trusts the socket.
import { Ajv } from 'ajv'
import { type Static, type TSchema, Type } from 'typebox'

/** Also the name of the key's file, so nothing that a path could be made of. */
const keyId = Type.String({ pattern: '^[A-Za-z0-9_-]{1,80}$' })
const algorithm = Type.Union([Type.Literal('ES256'), Type.Literal('EdDSA'), Type.Literal('RS256')])
const number = Type.Integer({ minimum: 0 })

const request = Type.Union([
  Type.Object({ number, do: Type.Literal('sign'), keyId, input: Type.String({ maxLength: 32_768 }) }),
  Type.Object({ number, do: Type.Literal('generate'), keyId, algorithm }),
  Type.Object({ number, do: Type.Literal('list') }),
])

const jwk = Type.Record(Type.String(), Type.Unknown())

const answer = Type.Object({
  number,
  /** Base64url. */
  signature: Type.Optional(Type.String()),
  publicJwk: Type.Optional(jwk),
  /** The public halves of all its keys. */
  keys: Type.Optional(Type.Array(jwk)),
  /** Why not, for the server's log. */
  error: Type.Optional(Type.String()),
})

export type SigningRequest = Static<typeof request>
export type SigningAnswer = Static<typeof answer>

/** Compiled where a socket is used, so that a start without one does not pay for it. */
export const compileRequestCheck = () => compileCheck<SigningRequest>(request)
export const compileAnswerCheck = () => compileCheck<SigningAnswer>(answer)

function compileCheck<Message>(schema: TSchema): (message: unknown) => message is Message {
  return new Ajv().compile<Message>(schema)
}
