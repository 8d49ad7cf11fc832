import { createConnection, type Socket } from 'node:net'
import { OAuthError } from '../vocabulary/oauth-error.ts'
import { readPublicJwk } from './algorithms.ts'
import { readFrames, writeFrame } from './frames.ts'
import { compileAnswerCheck, type SigningAnswer, type SigningRequest } from './messages.ts'
import type { Signer } from './signer.ts'

/** The signing process did not sign. Never an unsigned token instead. */
export class SignerAway extends OAuthError {
  constructor(reason: string) {
    super(
      'temporarily_unavailable',
      'The signer of tokens cannot be reached. Nothing was changed. Retry after the time in Retry-After.',
      { headers: { 'retry-after': '5' }, reason },
    )
    this.name = 'SignerAway'
  }
}

interface Waiting {
  resolve: (answer: SigningAnswer) => void
  reject: (error: Error) => void
  timer: NodeJS.Timeout
}

type WithoutNumber<Request> = Request extends unknown ? Omit<Request, 'number'> : never

const answerMs = 2000
/** An RSA key takes its time. */
const generateMs = 15_000

/**
 * Signs through a signing process on a Unix socket (`node server/main.ts signer`): its keys never enter this one.
 * One connection, many requests on it; it is made anew when it broke.
 */
export function createUnixSigner(socketPath: string): Signer {
  const isAnswer = compileAnswerCheck()
  const waiting = new Map<number, Waiting>()
  let connection: Socket | undefined
  let last = 0

  function connect(): Socket {
    const socket = createConnection(socketPath)
    let problem = 'It closed the connection.'
    readFrames(socket, (message) => {
      if (!isAnswer(message)) throw new Error('no answer of ours')
      settle(message.number, (one) =>
        message.error === undefined ? one.resolve(message) : one.reject(new SignerAway(message.error)),
      )
    })
    socket.on('error', (error) => {
      problem = error.message
    })
    socket.on('close', () => {
      if (connection === socket) connection = undefined
      for (const number of waiting.keys()) settle(number, (one) => one.reject(new SignerAway(problem)))
    })
    return socket
  }

  function settle(number: number, how: (one: Waiting) => void): void {
    const one = waiting.get(number)
    if (!one) return
    waiting.delete(number)
    clearTimeout(one.timer)
    how(one)
  }

  function ask(request: WithoutNumber<SigningRequest>, timeoutMs: number): Promise<SigningAnswer> {
    connection ??= connect()
    const socket = connection
    last += 1
    const number = last
    return new Promise((resolve, reject) => {
      // A process that hangs: the next request gets a new connection.
      const timer = setTimeout(() => socket.destroy(new Error('It did not answer in time.')), timeoutMs)
      timer.unref()
      waiting.set(number, { resolve, reject, timer })
      writeFrame(socket, { ...request, number })
    })
  }

  return {
    name: 'unix',
    async generate(keyId, algorithm) {
      const { publicJwk } = await ask({ do: 'generate', keyId, algorithm }, generateMs)
      if (publicJwk === undefined) throw new SignerAway('It made no key.')
      return { publicJwk, wrappedPrivateKey: '' }
    },
    open: ({ id, publicJwk }) => ({
      publicKey: readPublicJwk(publicJwk),
      async sign(input) {
        const { signature } = await ask({ do: 'sign', keyId: id, input }, answerMs)
        if (signature === undefined) throw new SignerAway('It made no signature.')
        return Buffer.from(signature, 'base64url')
      },
    }),
    close: () => connection?.destroy(),
  }
}
